package dev.fanfare.dialect.key;

import dev.fanfare.definition.Diagnostic.Severity;

/**
 * One key of a dialect and what becomes of it.
 *
 * @param section what it is a key of: {@code root}, {@code step}, {@code retry}; sections are the
 *     dialect's own, so that a step inside a step has the same keys as one at the top
 * @param key the key; {@code *} for any name that a person chooses
 * @param becomes what it becomes here, or what its absence here means, as the end of a sentence
 * @param severity of the diagnostic of one that is {@link Treatment#REPORTED}
 */
public record KeyRule(
    String section, String key, Treatment treatment, String becomes, Severity severity) {

  /** How pages and tests name it: {@code step.retry}. */
  public String id() {
    return section + "." + key;
  }
}
