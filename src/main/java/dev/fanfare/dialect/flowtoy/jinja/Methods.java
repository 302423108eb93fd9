package dev.fanfare.dialect.flowtoy.jinja;

import dev.fanfare.dialect.flowtoy.jinja.Cel.Kind;
import dev.fanfare.dialect.flowtoy.jinja.Node.Expression;

/** Methods that values have in Python: {@code name.upper()}. */
final class Methods {

  private final Writer writer;
  private final Scope scope;

  Methods(Writer writer, Scope scope) {
    this.writer = writer;
    this.scope = scope;
  }

  Cel value(Node.Attribute method, Node.Call call) {
    Args args = new Args(method.name(), call.arguments(), call.at());
    Cel cel = value(method, args);
    args.close();
    return cel;
  }

  private Cel value(Node.Attribute method, Args args) {
    Expression target = method.target();
    return switch (method.name()) {
      case "upper" -> Cel.text(plain(target) + ".upperAscii()");
      case "lower" -> Cel.text(plain(target) + ".lowerAscii()");
      case "strip" -> Cel.text(plain(target) + ".trim()");
      case "replace" ->
          Cel.text(
              plain(target)
                  + ".replace("
                  + plain(args.required())
                  + ", "
                  + plain(args.required())
                  + ")");
      case "split" -> Cel.any(plain(target) + ".split(" + plain(args.required()) + ")");
      case "startswith" -> Cel.bool(plain(target) + ".startsWith(" + plain(args.required()) + ")");
      case "endswith" -> Cel.bool(plain(target) + ".endsWith(" + plain(args.required()) + ")");
      case "join" -> Cel.text(plain(args.required()) + ".join(" + plain(target) + ")");
      case "keys" -> writer.bound(writer.plain(target, scope), Kind.ANY, t -> t + ".map(k, k)");
      case "values" ->
          writer.bound(writer.plain(target, scope), Kind.ANY, t -> t + ".map(k, " + t + "[k])");
      case "get" -> {
        String key = plain(args.required());
        String fallback = args.optional("default").map(this::plain).orElse("null");
        yield Cel.any(plain(target) + "[?" + key + "].orValue(" + fallback + ")");
      }
      default ->
          throw Untranslatable.missing(
              method.at(),
              "the method '" + method.name() + "'",
              "these have one: upper, lower, strip, replace, split, startswith, endswith, join,"
                  + " get, keys, values; items in a loop");
    };
  }

  private String plain(Expression node) {
    return writer.plain(node, scope).text();
  }
}
