package dev.fanfare.dialect.dagu;

import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Template;
import dev.fanfare.dialect.dagu.Piece.Command;
import dev.fanfare.dialect.dagu.Piece.Plain;
import dev.fanfare.dialect.dagu.Piece.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Texts as templates: what they refer to by its value at the place. */
final class Words {

  /** The status of a run in Dagu's words. */
  static final String RUN_STATUS =
      "(run.status == \"cancelled\" ? \"aborted\" : run.status == \"timed_out\" ? \"failed\" :"
          + " run.status)";

  private Words() {}

  /** The source of an expression that yields the text. */
  static String text(String text, Scope scope) {
    List<String> parts = new ArrayList<>();
    for (Piece piece : Texts.pieces(text)) {
      parts.add(
          switch (piece) {
            case Plain plain -> Cel.quoted(plain.text());
            case Command command -> Cel.quoted(command.written());
            case Reference reference ->
                scope.value(reference).map(Cel::textOf).orElse(Cel.quoted(reference.written()));
          });
    }
    return Cel.joined(parts);
  }

  /** The source of an expression that yields the value of a single reference, or the text. */
  static String value(String text, Scope scope) {
    List<Piece> pieces = Texts.pieces(text);
    Optional<String> single =
        pieces.size() == 1 && pieces.getFirst() instanceof Reference reference
            ? scope.value(reference)
            : Optional.empty();
    return single.orElseGet(() -> text(text, scope));
  }

  static Template template(String text, Scope scope, SourceSpan span) {
    List<Piece> pieces = Texts.pieces(text);
    if (pieces.stream().noneMatch(Reference.class::isInstance)) {
      return Cel.literal(text.replace("\\$", "$"), span);
    }
    if (pieces.size() == 1) {
      return Cel.template(value(text, scope), span);
    }
    List<Template> parts = new ArrayList<>();
    for (Piece piece : pieces) {
      parts.add(
          switch (piece) {
            case Plain plain -> Cel.literal(plain.text(), span);
            case Command command -> Cel.literal(command.written(), span);
            case Reference reference ->
                scope
                    .value(reference)
                    .<Template>map(source -> Cel.template(source, span))
                    .orElseGet(() -> Cel.literal(reference.written(), span));
          });
    }
    return new Template.Text(parts, span);
  }
}
