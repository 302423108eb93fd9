package dev.fanfare.dialect.flowtoy.jinja;

import dev.fanfare.dialect.flowtoy.jinja.Cel.Kind;
import dev.fanfare.dialect.flowtoy.jinja.Node.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Writes expressions as CEL. */
final class Writer {

  private final Names names;
  private final Paths paths;
  private int temporaries;

  Writer(Names names) {
    this.names = names;
    this.paths = new Paths(names, this);
  }

  /** A value. */
  Cel value(Expression node, Scope scope) {
    return switch (node) {
      case Node.Constant constant -> constant(constant);
      case Node.Name ignored -> paths.value(node, scope);
      case Node.Attribute ignored -> paths.value(node, scope);
      case Node.Item ignored -> paths.value(node, scope);
      case Node.Slice slice -> slice(slice, scope);
      case Node.Call call -> call(call, scope);
      case Node.Filter filter -> new Filters(this, scope).value(filter);
      case Node.Check check -> new Checks(this, scope).value(check);
      case Node.Unary unary -> unary(unary, scope);
      case Node.Binary binary -> binary(binary, scope);
      case Node.Conditional conditional -> conditional(conditional, scope);
      case Node.Items items ->
          Cel.any(
              items.items().stream()
                  .map(item -> plain(item, scope).text())
                  .collect(Collectors.joining(", ", "[", "]")));
      case Node.Entries entries -> entries(entries, scope);
      case Node.Given given -> given.cel();
    };
  }

  /** A value that the engine computes with, which a secret is not. */
  Cel plain(Expression node, Scope scope) {
    Cel cel = value(node, scope);
    if (cel.is(Kind.SECRET)) {
      throw new Untranslatable(
          node.at(),
          "template-secret",
          "the value of an environment variable is handed on and never computed with",
          "write it alone, or joined with text; let a process do the rest");
    }
    return cel;
  }

  /** Whether a path leads to a value that may only be handed on. */
  boolean isSecret(Expression node, Scope scope) {
    return paths.isSecret(node, scope);
  }

  /** CEL for an optional of a value that may be missing. */
  String optional(Expression node, Scope scope) {
    return switch (node) {
      case Node.Name ignored -> paths.optional(node, scope);
      case Node.Attribute ignored -> paths.optional(node, scope);
      case Node.Item ignored -> paths.optional(node, scope);
      case Node.Filter filter when filter.name().equals("first") ->
          plain(filter.target(), scope).text() + ".first()";
      case Node.Filter filter when filter.name().equals("last") ->
          plain(filter.target(), scope).text() + ".last()";
      default -> "optional.of(" + plain(node, scope).text() + ")";
    };
  }

  /** A condition: what Python takes for true. */
  Cel truth(Expression node, Scope scope) {
    if (node instanceof Node.Unary unary && unary.operator().equals("not")) {
      return Cel.bool("!" + truth(unary.operand(), scope).text());
    }
    if (node instanceof Node.Binary binary
        && (binary.operator().equals("and") || binary.operator().equals("or"))) {
      String operator = binary.operator().equals("and") ? " && " : " || ";
      return Cel.bool(
          "("
              + truth(binary.left(), scope).text()
              + operator
              + truth(binary.right(), scope).text()
              + ")");
    }
    Cel cel = plain(node, scope);
    return cel.is(Kind.BOOL) ? cel : Cel.bool(notEmpty(cel) + ".hasValue()");
  }

  static String notEmpty(Cel cel) {
    return "optional.ofNonZeroValue(" + cel.text() + ")";
  }

  /** A value as text, as Python writes it; lists and mappings as JSON. */
  Cel text(Cel cel) {
    return switch (cel.kind()) {
      case TEXT, SECRET -> cel;
      case BOOL -> Cel.text("(" + cel.text() + " ? \"True\" : \"False\")");
      case NUMBER -> Cel.text("toJson(" + cel.text() + ")");
      case ANY ->
          bound(
              cel,
              Kind.TEXT,
              t ->
                  ("type(T) == string ? T : T == true ? \"True\" : T == false ? \"False\""
                          + " : T == null ? \"None\" : toJson(T)")
                      .replaceAll("\\bT\\b", t));
    };
  }

  Cel text(Expression node, Scope scope) {
    return text(plain(node, scope));
  }

  /** An expression that reads a value more than once. */
  Cel bound(Cel cel, Kind kind, Function<String, String> body) {
    String name = temporary();
    return new Cel("cel.bind(" + name + ", " + cel.text() + ", " + body.apply(name) + ")", kind);
  }

  String temporary() {
    temporaries++;
    return "t" + temporaries;
  }

  private static Cel constant(Node.Constant constant) {
    return switch (constant.value()) {
      case null -> Cel.any("null");
      case String text -> Cel.text(Cel.quote(text));
      case Boolean flag -> Cel.bool(flag.toString());
      case Object number -> Cel.number(number.toString());
    };
  }

  private Cel entries(Node.Entries entries, Scope scope) {
    List<String> written = new ArrayList<>();
    for (Map.Entry<Expression, Expression> entry : entries.entries()) {
      written.add(
          plain(entry.getKey(), scope).text() + ": " + plain(entry.getValue(), scope).text());
    }
    return Cel.any("{" + String.join(", ", written) + "}");
  }

  private Cel unary(Node.Unary unary, Scope scope) {
    return switch (unary.operator()) {
      case "not" -> truth(unary, scope);
      case "-" -> Cel.number("(-" + plain(unary.operand(), scope).text() + ")");
      default -> plain(unary.operand(), scope);
    };
  }

  private Cel conditional(Node.Conditional conditional, Scope scope) {
    Cel test = truth(conditional.test(), scope);
    Cel then = plain(conditional.then(), scope);
    Cel otherwise =
        conditional.otherwise().map(node -> plain(node, scope)).orElse(Cel.text("\"\""));
    Kind kind = then.kind() == otherwise.kind() ? then.kind() : Kind.ANY;
    return new Cel("(" + test.text() + " ? " + then.text() + " : " + otherwise.text() + ")", kind);
  }

  private Cel binary(Node.Binary binary, Scope scope) {
    return switch (binary.operator()) {
      case "and", "or" -> choice(binary, scope);
      case "in" -> contains(binary, scope);
      case "not in" -> Cel.bool("!" + contains(binary, scope).text());
      case "~" ->
          Cel.text(
              "("
                  + text(binary.left(), scope).text()
                  + " + "
                  + text(binary.right(), scope).text()
                  + ")");
      default -> computed(binary, plain(binary.left(), scope), plain(binary.right(), scope));
    };
  }

  private Cel computed(Node.Binary binary, Cel left, Cel right) {
    String both = "(" + left.text() + " " + binary.operator() + " " + right.text() + ")";
    return switch (binary.operator()) {
      case "==", "!=", "<", "<=", ">", ">=" -> Cel.bool(both);
      case "+" -> {
        boolean text = left.is(Kind.TEXT) || right.is(Kind.TEXT);
        boolean numbers = left.is(Kind.NUMBER) && right.is(Kind.NUMBER);
        yield new Cel(both, text ? Kind.TEXT : numbers ? Kind.NUMBER : Kind.ANY);
      }
      case "/" -> Cel.number("(double(" + left.text() + ") / double(" + right.text() + "))");
      case "//" ->
          Cel.number("int(math.floor(double(" + left.text() + ") / double(" + right.text() + ")))");
      case "%" -> {
        if (left.is(Kind.TEXT)) {
          throw Untranslatable.missing(binary.at(), "'%' behind a text", "join texts with ~");
        }
        yield Cel.number(both);
      }
      default -> Cel.number(both);
    };
  }

  /** {@code and} and {@code or} yield one of their sides, as in Python. */
  private Cel choice(Node.Binary binary, Scope scope) {
    Cel left = plain(binary.left(), scope);
    Cel right = plain(binary.right(), scope);
    if (left.is(Kind.BOOL) && right.is(Kind.BOOL)) {
      return truth(binary, scope);
    }
    Kind kind = left.kind() == right.kind() ? left.kind() : Kind.ANY;
    return binary.operator().equals("or")
        ? new Cel(notEmpty(left) + ".orValue(" + right.text() + ")", kind)
        : bound(
            left, kind, t -> notEmpty(Cel.any(t)) + ".hasValue() ? " + right.text() + " : " + t);
  }

  private Cel contains(Node.Binary binary, Scope scope) {
    Cel item = plain(binary.left(), scope);
    Cel all = plain(binary.right(), scope);
    return Cel.bool(
        all.is(Kind.TEXT)
            ? all.text() + ".contains(" + item.text() + ")"
            : bound(
                    all,
                    Kind.BOOL,
                    t ->
                        "type("
                            + t
                            + ") == string ? "
                            + t
                            + ".contains(dyn("
                            + item.text()
                            + ")) : "
                            + item.text()
                            + " in "
                            + t)
                .text());
  }

  private Cel slice(Node.Slice slice, Scope scope) {
    return bound(
        plain(slice.target(), scope),
        Kind.ANY,
        t -> {
          String to = slice.to().map(end -> bound(end, t, slice.at())).orElse("size(" + t + ")");
          String from =
              slice
                  .from()
                  .map(start -> "math.least(" + bound(start, t, slice.at()) + ", " + to + ")")
                  .orElse("0");
          String range = "(" + from + ", " + to + ")";
          return "type("
              + t
              + ") == string ? "
              + t
              + ".substring"
              + range
              + " : "
              + t
              + ".slice"
              + range;
        });
  }

  /** A border of a slice, held within the value as Python does. */
  private static String bound(Expression border, String of, int at) {
    Expression number = border;
    boolean negative = false;
    if (number instanceof Node.Unary unary && unary.operator().equals("-")) {
      number = unary.operand();
      negative = true;
    }
    if (number instanceof Node.Constant constant && constant.value() instanceof Long whole) {
      return negative
          ? "math.greatest(0, size(" + of + ") - " + whole + ")"
          : "math.least(" + whole + ", size(" + of + "))";
    }
    throw Untranslatable.missing(at, "a slice whose borders are no whole numbers", "");
  }

  private Cel call(Node.Call call, Scope scope) {
    if (call.target() instanceof Node.Attribute method) {
      return new Methods(this, scope).value(method, call);
    }
    if (!(call.target() instanceof Node.Name function)) {
      throw Untranslatable.missing(call.at(), "this call", "");
    }
    Args args = new Args(function.name(), call.arguments(), call.at());
    if (function.name().equals("range")) {
      return range(args, scope);
    }
    List<String> texts = new ArrayList<>();
    while (args.hasNext()) {
      texts.add(args.literal());
    }
    args.close();
    return names
        .call(function.name(), texts, function.at())
        .orElseThrow(
            () ->
                Untranslatable.missing(
                    function.at(), "the function '" + function.name() + "'", ""));
  }

  private Cel range(Args args, Scope scope) {
    Cel first = plain(args.required(), scope);
    if (!args.hasNext()) {
      args.close();
      return Cel.any("lists.range(" + first.text() + ")");
    }
    Cel end = plain(args.required(), scope);
    args.close();
    String name = temporary();
    return Cel.any(
        "lists.range("
            + end.text()
            + " - "
            + first.text()
            + ").map("
            + name
            + ", "
            + name
            + " + "
            + first.text()
            + ")");
  }
}
