package dev.fanfare.dialect.dagu;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What follows {@code dagu:}, in parts with colons between them.
 *
 * @param type {@code chain} or {@code graph}, for documents that do not say it
 * @param called whether a step of another file calls this one by its path
 * @param document the name of the document that is wanted; empty for the first one
 */
record Variant(Optional<String> type, boolean called, String document) {

  static final String CALLED = "called";

  private static final Set<String> TYPES = Set.of("chain", "graph");

  /**
   * @param names of the documents of the file: a document is meant before a type
   */
  static Variant of(String written, Set<String> names) {
    Optional<String> type = Optional.empty();
    boolean called = false;
    String document = "";
    for (String part : List.of(written.split(":", -1))) {
      if (names.contains(part)) {
        document = part;
      } else if (TYPES.contains(part)) {
        type = Optional.of(part);
      } else if (part.equals(CALLED)) {
        called = true;
      } else {
        document = part;
      }
    }
    return new Variant(type, called, document);
  }

  /** How a step calls another file. */
  String dialect(boolean byPath) {
    return "dagu" + (byPath ? ":" + CALLED : "") + type.map(word -> ":" + word).orElse("");
  }
}
