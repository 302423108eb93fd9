package dev.fanfare.dsl;

/**
 * What started a run.
 *
 * @param kind {@code webhook}, {@code schedule}, {@code interval}, {@code event}, {@code workflow},
 *     {@code java}, {@code cli} or {@code api}
 * @param delivery of a webhook or an event: {@code source}, {@code event} and {@code id}
 */
public record TriggerInfo(String kind, Value delivery) {}
