package dev.fanfare.dialect.dagu;

import java.util.List;
import java.util.Optional;

/** A part of a text as Dagu reads it. */
sealed interface Piece {

  /** Characters that mean themselves. */
  record Plain(String text) implements Piece {}

  /**
   * {@code $NAME}, {@code ${NAME}}, {@code ${NAME:-other}} or {@code ${NAME.path[0]}}.
   *
   * @param written as it stands in the text
   * @param path what follows the name: names, and indexes as {@code [0]}
   * @param fallback what stands in for a value that is missing or empty
   */
  record Reference(String written, String name, List<String> path, Optional<String> fallback)
      implements Piece {
    public Reference {
      path = List.copyOf(path);
    }

    boolean isPlain() {
      return path.isEmpty();
    }
  }

  /** What a shell is to run, in backticks or in {@code $( )}. */
  record Command(String written) implements Piece {}
}
