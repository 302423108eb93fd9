package dev.fanfare.definition;

import org.jspecify.annotations.Nullable;

/**
 * A typed input of a workflow.
 *
 * @param name the name expressions use: {@code params.<name>}
 * @param type what a value must be
 * @param required whether a run without a value is refused; a parameter with a default is never
 *     required
 * @param hasDefault whether {@code defaultValue} was written (it may be null)
 * @param defaultValue the value of a run that gives none
 * @param description for people; empty when absent
 */
public record Param(
    String name,
    Type type,
    boolean required,
    boolean hasDefault,
    @Nullable Object defaultValue,
    String description,
    SourceSpan span) {

  /** The type of a parameter's values. */
  public enum Type {
    STRING,
    NUMBER,
    INTEGER,
    BOOLEAN,
    ARRAY,
    OBJECT,
    /** Anything; the type of a parameter that states none. */
    ANY
  }
}
