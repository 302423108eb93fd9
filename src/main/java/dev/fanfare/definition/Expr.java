package dev.fanfare.definition;

/**
 * An expression as it was written.
 *
 * @param source the text between the braces, trimmed
 * @param span where the first character of {@code source} stands
 */
public record Expr(String source, SourceSpan span) {}
