package dev.fanfare.dialect.flowtoy.jinja;

import dev.fanfare.definition.Expr;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Template;
import dev.fanfare.dialect.Problems;
import dev.fanfare.dialect.flowtoy.jinja.Cel.Kind;
import dev.fanfare.dialect.flowtoy.jinja.Node.Expression;
import dev.fanfare.dialect.yaml.ScalarCursor;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Texts of a file as templates of this language. */
public final class Jinja {

  private Jinja() {}

  /** A part of a text: written down, or computed. */
  public sealed interface Part {
    record Written(String text) implements Part {}

    record Computed(Template.Expression expression) implements Part {}
  }

  /** Whether a text has nothing of a template in it. */
  public static boolean isPlain(String text) {
    return Lexer.isPlain(text);
  }

  /**
   * A text as a template that yields a text. What cannot be translated is reported, and its
   * template is the text as it is written.
   */
  public static Template text(Scalar scalar, Names names, Problems problems) {
    if (isPlain(scalar.text())) {
      return new Template.Literal(scalar.isNull() ? "" : scalar.text(), scalar.span());
    }
    try {
      return template(scalar, names);
    } catch (Untranslatable e) {
      report(e, scalar, problems);
      return new Template.Literal(scalar.text(), scalar.span());
    }
  }

  private static Template template(Scalar scalar, Names names) {
    List<Node> nodes = TemplateParser.nodes(scalar.text());
    Writer writer = new Writer(names);
    if (hasBlocks(nodes)) {
      String text = new TextWriter(writer).text(nodes, Scope.EMPTY);
      Template whole = new Template.Expression(new Expr(text, scalar.span()));
      return new Template.Text(List.of(whole), scalar.span());
    }
    List<Template> parts = new ArrayList<>();
    ScalarCursor cursor = scalar.cursor();
    for (Node node : nodes) {
      SourceSpan span = cursor.at(node.at());
      if (node instanceof Node.Data data) {
        parts.add(new Template.Literal(data.text(), span));
      } else if (node instanceof Node.Output output) {
        joined(output.expression(), writer, parts, span);
      }
    }
    return new Template.Text(parts, scalar.span());
  }

  /**
   * The parts of a text in which only values are put, and nothing is decided; empty where it cannot
   * be translated, which is reported.
   */
  public static Optional<List<Part>> parts(Scalar scalar, Names names, Problems problems) {
    try {
      List<Node> nodes = TemplateParser.nodes(scalar.text());
      if (hasBlocks(nodes)) {
        throw Untranslatable.missing(
            blockAt(nodes), "a block in a command of one text", "write the command as a list");
      }
      Writer writer = new Writer(names);
      ScalarCursor cursor = scalar.cursor();
      List<Part> parts = new ArrayList<>();
      for (Node node : nodes) {
        SourceSpan span = cursor.at(node.at());
        if (node instanceof Node.Data data) {
          parts.add(new Part.Written(data.text()));
        } else if (node instanceof Node.Output output) {
          Cel cel = writer.text(writer.value(output.expression(), Scope.EMPTY));
          parts.add(new Part.Computed(new Template.Expression(new Expr(cel.text(), span))));
        }
      }
      return Optional.of(parts);
    } catch (Untranslatable e) {
      report(e, scalar, problems);
      return Optional.empty();
    }
  }

  /** A sum with a secret in it is written as the parts of a text, where a secret may stand. */
  private static void joined(Expression node, Writer writer, List<Template> into, SourceSpan span) {
    if (node instanceof Node.Binary sum
        && (sum.operator().equals("+") || sum.operator().equals("~"))
        && hasSecret(sum, writer)) {
      joined(sum.left(), writer, into, span);
      joined(sum.right(), writer, into, span);
      return;
    }
    Cel cel = writer.text(writer.value(node, Scope.EMPTY));
    into.add(new Template.Expression(new Expr(cel.text(), span)));
  }

  private static boolean hasSecret(Expression node, Writer writer) {
    if (node instanceof Node.Binary sum
        && (sum.operator().equals("+") || sum.operator().equals("~"))) {
      return hasSecret(sum.left(), writer) || hasSecret(sum.right(), writer);
    }
    return writer.value(node, Scope.EMPTY).is(Kind.SECRET);
  }

  private static boolean hasBlocks(List<Node> nodes) {
    return nodes.stream().anyMatch(Jinja::isBlock);
  }

  private static boolean isBlock(Node node) {
    return !(node instanceof Node.Data) && !(node instanceof Node.Output);
  }

  private static int blockAt(List<Node> nodes) {
    return nodes.stream().filter(Jinja::isBlock).findFirst().map(Node::at).orElse(0);
  }

  private static void report(Untranslatable found, Scalar scalar, Problems problems) {
    problems.error(
        found.code(),
        String.valueOf(found.getMessage()),
        scalar.cursor().at(found.at()),
        found.hint());
  }
}
