package dev.fanfare.dialect.flowtoy.jinja;

import dev.fanfare.dialect.flowtoy.jinja.Cel.Kind;
import dev.fanfare.dialect.flowtoy.jinja.Node.Expression;
import java.util.ArrayList;
import java.util.List;

/** Writes the body of a template, blocks and all, as one expression that yields its text. */
final class TextWriter {

  private final Writer writer;

  TextWriter(Writer writer) {
    this.writer = writer;
  }

  String text(List<Node> nodes, Scope scope) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      if (node instanceof Node.Assign assign) {
        String name = Scope.variable(assign.name());
        Cel value = writer.plain(assign.value(), scope);
        Scope inner = scope.with(assign.name(), new Cel(name, value.kind()));
        String rest = text(nodes.subList(i + 1, nodes.size()), inner);
        parts.add("cel.bind(" + name + ", " + value.text() + ", " + rest + ")");
        break;
      }
      parts.add(part(node, scope));
    }
    return switch (parts.size()) {
      case 0 -> "\"\"";
      case 1 -> parts.getFirst();
      default -> "[" + String.join(", ", parts) + "].join()";
    };
  }

  private String part(Node node, Scope scope) {
    return switch (node) {
      case Node.Data data -> Cel.quote(data.text());
      case Node.Output output -> writer.text(output.expression(), scope).text();
      case Node.If condition -> condition(condition, scope);
      case Node.For loop -> loop(loop, scope);
      case Node.Assign ignored -> throw new IllegalStateException("an assignment has a rest");
      case Expression ignored -> throw new IllegalStateException("an expression is no part");
    };
  }

  private String condition(Node.If node, Scope scope) {
    String text = text(node.otherwise(), scope);
    for (Node.Branch branch : node.branches().reversed()) {
      text =
          "("
              + writer.truth(branch.test(), scope).text()
              + " ? "
              + text(branch.body(), scope)
              + " : "
              + text
              + ")";
    }
    return text;
  }

  private String loop(Node.For node, Scope scope) {
    boolean pairs = node.variables().size() == 2;
    if (node.variables().size() > 2) {
      throw Untranslatable.missing(node.at(), "a loop with more than two variables", "");
    }
    Cel items = writer.plain(pairs ? mapping(node) : node.items(), scope);
    return writer.bound(items, Kind.TEXT, list -> loop(node, list, scope)).text();
  }

  private static Expression mapping(Node.For node) {
    if (node.items() instanceof Node.Call call
        && call.target() instanceof Node.Attribute method
        && method.name().equals("items")
        && call.arguments().positional().isEmpty()) {
      return method.target();
    }
    throw Untranslatable.missing(
        node.items().at(), "a loop with two variables over this", "write mapping.items()");
  }

  /** Over positions, so that the body can ask where it is. */
  private String loop(Node.For node, String list, Scope scope) {
    String all = writer.temporary();
    String position = writer.temporary();
    Scope plain = scope;
    String elements = list + ".map(k, k)";
    String only = "";
    String first = Scope.variable(node.variables().getFirst());
    if (node.only().isPresent()) {
      Scope inner = scope.with(node.variables().getFirst(), Cel.any(first));
      if (node.variables().size() == 2) {
        inner = inner.with(node.variables().get(1), Cel.any(list + "[" + first + "]"));
      }
      only = ".filter(" + first + ", " + writer.truth(node.only().get(), inner).text() + ")";
    }
    Scope body = plain.with(node.variables().getFirst(), Cel.any(first));
    if (node.variables().size() == 2) {
      body = body.with(node.variables().get(1), Cel.any(list + "[" + first + "]"));
    }
    body = body.with("loop", loopVariable(position, all));
    String each =
        "cel.bind(" + first + ", " + all + "[" + position + "], " + text(node.body(), body) + ")";
    String joined = "lists.range(size(" + all + ")).map(" + position + ", " + each + ").join()";
    String text =
        node.otherwise().isEmpty()
            ? joined
            : "(size(" + all + ") == 0 ? " + text(node.otherwise(), scope) + " : " + joined + ")";
    return "cel.bind(" + all + ", " + elements + only + ", " + text + ")";
  }

  private static Cel loopVariable(String position, String all) {
    return Cel.any(
        ("{\"index0\": P, \"index\": P + 1, \"first\": P == 0, \"last\": P == size(A) - 1,"
                + " \"length\": size(A), \"revindex\": size(A) - P, \"revindex0\": size(A) - P - 1}")
            .replace("P", position)
            .replace("A", all));
  }
}
