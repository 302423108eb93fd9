package dev.fanfare.invoke;

import java.util.Optional;
import java.util.UUID;

/**
 * "Work on this": a claimed step on its way to a step function.
 *
 * @param attempt the fence of the claim
 * @param order the evaluated work, where sender and receiver share a process; elsewhere the
 *     receiver loads it when it begins
 */
public record Invocation(UUID run, String step, int attempt, Optional<WorkOrder> order) {}
