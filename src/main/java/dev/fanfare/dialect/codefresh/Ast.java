package dev.fanfare.dialect.codefresh;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A condition as it was understood. {@code at} is an offset into its text. */
sealed interface Ast {

  int at();

  /** A number, a boolean or null. */
  record Constant(@Nullable Object value, int at) implements Ast {}

  /** A text in quotes; variables in it are pieces of their own. */
  record Quoted(List<Piece> pieces, int at) implements Ast {}

  /** A variable outside of quotes: its value is taken for a part of the condition. */
  record Bare(String name, int at) implements Ast {}

  /** {@code steps.build.result}, {@code workflow.result}; the step is empty for the workflow. */
  record Member(String step, String field, int at) implements Ast {}

  record Unary(String operator, Ast operand, int at) implements Ast {}

  record Binary(String operator, Ast left, Ast right, int at) implements Ast {}

  record Call(String function, List<Ast> arguments, int at) implements Ast {}

  /** A part of a text: plain characters, or a variable by its name. */
  record Piece(String text, boolean isVariable) {}

  /** The text of a quoted text without variables; null for anything else. */
  static @Nullable String plain(Ast ast) {
    if (!(ast instanceof Quoted quoted) || quoted.pieces().stream().anyMatch(Piece::isVariable)) {
      return null;
    }
    return quoted.pieces().stream().map(Piece::text).reduce("", String::concat);
  }
}
