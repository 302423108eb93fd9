package dev.fanfare.dialect.flowtoy.jinja;

import dev.fanfare.dialect.flowtoy.jinja.Cel.Kind;
import dev.fanfare.dialect.flowtoy.jinja.Node.Expression;

/** Tests: {@code is defined}, {@code is divisibleby 3}. */
final class Checks {

  private final Writer writer;
  private final Scope scope;

  Checks(Writer writer, Scope scope) {
    this.writer = writer;
    this.scope = scope;
  }

  Cel value(Node.Check check) {
    Args args = new Args(check.name(), check.arguments(), check.at());
    Cel holds = Cel.bool("(" + holds(check, args) + ")");
    args.close();
    return check.negated() ? Cel.bool("!" + holds.text()) : holds;
  }

  private String holds(Node.Check check, Args args) {
    Expression target = check.target();
    return switch (check.name()) {
      case "defined" -> writer.optional(target, scope) + ".hasValue()";
      case "undefined" -> "!" + writer.optional(target, scope) + ".hasValue()";
      case "eq", "equalto", "==", "sameas" -> compared(target, "==", args);
      case "ne", "!=" -> compared(target, "!=", args);
      case "gt", "greaterthan", ">" -> compared(target, ">", args);
      case "ge", ">=" -> compared(target, ">=", args);
      case "lt", "lessthan", "<" -> compared(target, "<", args);
      case "le", "<=" -> compared(target, "<=", args);
      case "in" ->
          writer.value(new Node.Binary("in", target, args.required(), check.at()), scope).text();
      case "divisibleby" -> plain(target) + " % " + plain(args.required()) + " == 0";
      default -> kind(check, plain(target));
    };
  }

  private String kind(Node.Check check, String value) {
    return switch (check.name()) {
      case "none" -> value + " == null";
      case "true" -> value + " == true";
      case "false" -> value + " == false";
      case "boolean" -> typed(value, "type(T) == bool");
      case "string" -> typed(value, "type(T) == string");
      case "integer" -> typed(value, "type(T) == int");
      case "float" -> typed(value, "type(T) == double");
      case "number" -> typed(value, "type(T) == int || type(T) == double");
      case "mapping" -> typed(value, "type(T) == map");
      case "sequence", "iterable" ->
          typed(value, "type(T) == list || type(T) == string || type(T) == map");
      case "even" -> value + " % 2 == 0";
      case "odd" -> value + " % 2 != 0";
      default ->
          throw Untranslatable.missing(
              check.at(),
              "the test '" + check.name() + "'",
              "these have one: defined, undefined, none, string, number, mapping, sequence, true,"
                  + " false, even, odd, divisibleby, eq, ne, gt, ge, lt, le, in");
    };
  }

  private String typed(String value, String test) {
    return writer.bound(Cel.any(value), Kind.BOOL, t -> test.replace("T", t)).text();
  }

  private String compared(Expression target, String operator, Args args) {
    return plain(target) + " " + operator + " " + plain(args.required());
  }

  private String plain(Expression node) {
    return writer.plain(node, scope).text();
  }
}
