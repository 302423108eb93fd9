package dev.fanfare.dialect.key;

import dev.fanfare.definition.SourceSpan;

/**
 * A key of a file, and what became of it.
 *
 * @param rule the rule it falls under
 * @param key as it is written, which is not the rule's where that is for any name
 */
public record KeyUse(KeyRule rule, String key, SourceSpan span) {}
