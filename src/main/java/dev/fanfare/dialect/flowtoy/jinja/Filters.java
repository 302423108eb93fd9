package dev.fanfare.dialect.flowtoy.jinja;

import dev.fanfare.dialect.flowtoy.jinja.Cel.Kind;
import dev.fanfare.dialect.flowtoy.jinja.Node.Expression;
import java.util.Optional;

/** Filters, as far as CEL has the means. */
final class Filters {

  private static final String KNOWN =
      "default, tojson, length, join, upper, lower, capitalize, trim, replace, first, last, int,"
          + " float, round, abs, min, max, sort, unique, reverse, map, select, reject, selectattr,"
          + " rejectattr, list, string";

  private final Writer writer;
  private final Scope scope;

  Filters(Writer writer, Scope scope) {
    this.writer = writer;
    this.scope = scope;
  }

  Cel value(Node.Filter filter) {
    Args args = new Args(filter.name(), filter.arguments(), filter.at());
    Cel cel = value(filter, args);
    args.close();
    return cel;
  }

  private Cel value(Node.Filter filter, Args args) {
    Expression target = filter.target();
    return switch (filter.name()) {
      case "default", "d" -> fallback(target, args);
      case "safe" -> writer.value(target, scope);
      case "tojson" -> Cel.text("toJson(" + plain(target) + ")");
      case "length", "count" -> Cel.number("size(" + plain(target) + ")");
      case "string" -> writer.text(target, scope);
      case "upper" -> Cel.text(text(target) + ".upperAscii()");
      case "lower" -> Cel.text(text(target) + ".lowerAscii()");
      case "trim" -> Cel.text(text(target) + ".trim()");
      case "capitalize" -> capitalized(target);
      case "replace" -> replaced(target, args);
      case "join" -> joined(target, args);
      case "first" -> Cel.any(plain(target) + "[0]");
      case "last" ->
          writer.bound(writer.plain(target, scope), Kind.ANY, t -> t + "[size(" + t + ") - 1]");
      case "int" -> whole(target, args);
      case "float" -> decimal(target, args);
      case "round" -> rounded(target, args);
      case "abs" -> Cel.number("math.abs(" + plain(target) + ")");
      case "min" -> Cel.number("math.least(" + plain(target) + ")");
      case "max" -> Cel.number("math.greatest(" + plain(target) + ")");
      default -> list(filter, args);
    };
  }

  private Cel list(Node.Filter filter, Args args) {
    Expression target = filter.target();
    return switch (filter.name()) {
      case "reverse" -> Cel.any(plain(target) + ".reverse()");
      case "list" -> each(target, item -> item);
      case "unique" -> Cel.any(plain(target) + ".distinct()");
      case "sort" -> sorted(target, args);
      case "map" -> mapped(target, args, filter.at());
      case "attr" -> Cel.any(Cel.member(plain(target), args.literal()));
      case "select" -> selected(target, args, false, false, filter.at());
      case "reject" -> selected(target, args, false, true, filter.at());
      case "selectattr" -> selected(target, args, true, false, filter.at());
      case "rejectattr" -> selected(target, args, true, true, filter.at());
      default ->
          throw Untranslatable.missing(
              filter.at(),
              "the filter '" + filter.name() + "'",
              "let a process step do it; these have one: " + KNOWN);
    };
  }

  private String plain(Expression node) {
    return writer.plain(node, scope).text();
  }

  private String text(Expression node) {
    return writer.text(node, scope).text();
  }

  /** A variable of the environment that is not set is none and not undefined, so it has no use. */
  private Cel fallback(Expression target, Args args) {
    Optional<Expression> given = args.optional("default_value");
    boolean alsoFalse = args.flag("boolean");
    if (!alsoFalse && writer.isSecret(target, scope)) {
      return writer.value(target, scope);
    }
    Cel fallback = given.map(node -> writer.plain(node, scope)).orElse(Cel.text("\"\""));
    String optional = writer.optional(target, scope);
    if (!alsoFalse) {
      return Cel.any(optional + ".orValue(" + fallback.text() + ")");
    }
    return Cel.any(
        "optional.ofNonZeroValue(" + optional + ".orValue(null)).orValue(" + fallback.text() + ")");
  }

  private Cel capitalized(Expression target) {
    return writer.bound(
        writer.text(target, scope),
        Kind.TEXT,
        t ->
            "size(T) == 0 ? T : T.substring(0, 1).upperAscii() + T.substring(1).lowerAscii()"
                .replace("T", t));
  }

  private Cel replaced(Expression target, Args args) {
    String old = text(args.required());
    String with = text(args.required());
    String limit = args.optional("count").map(count -> ", " + plain(count)).orElse("");
    return Cel.text(text(target) + ".replace(" + old + ", " + with + limit + ")");
  }

  private Cel joined(Expression target, Args args) {
    String separator = args.optional("d").map(this::text).orElse("\"\"");
    Optional<Expression> attribute = args.named("attribute");
    String item = writer.temporary();
    Cel value = Cel.any(attribute.map(path -> member(item, args.literal(path))).orElse(item));
    return Cel.text(
        plain(target)
            + ".map("
            + item
            + ", "
            + writer.text(value).text()
            + ").join("
            + separator
            + ")");
  }

  /** As Python: a text that is no number is the default, 0 unless written. */
  private Cel whole(Expression target, Args args) {
    String fallback = args.optional("default").map(this::plain).orElse("0");
    String number =
        "type(T) == string ? (T.trim().matches(\"^[-+]?[0-9]+$\") ? int(T.trim().replace(\"+\","
            + " \"\")) : T.trim().matches(\"^[-+]?([0-9]*[.])?[0-9]+([eE][-+]?[0-9]+)?$\") ?"
            + " int(double(T)) : F) : T == true ? 1 : T == false ? 0 : T == null ? F : int(T)";
    return writer.bound(
        writer.plain(target, scope),
        Kind.NUMBER,
        t -> number.replace("T", t).replace("F", fallback));
  }

  private Cel decimal(Expression target, Args args) {
    String fallback = args.optional("default").map(this::plain).orElse("0.0");
    String number =
        "type(T) == string ? (T.trim().matches(\"^[-+]?([0-9]*[.])?[0-9]+([eE][-+]?[0-9]+)?$\")"
            + " ? double(T) : F) : T == true ? 1.0 : T == false ? 0.0 : T == null ? F : double(T)";
    return writer.bound(
        writer.plain(target, scope),
        Kind.NUMBER,
        t -> number.replace("T", t).replace("F", fallback));
  }

  private Cel rounded(Expression target, Args args) {
    int digits = args.optional("precision").map(node -> digits(args.literal(node))).orElse(0);
    String method = args.optional("method").map(args::literal).orElse("common");
    String function =
        switch (method) {
          case "ceil" -> "math.ceil";
          case "floor" -> "math.floor";
          default -> "math.round";
        };
    String number = "double(" + plain(target) + ")";
    if (digits == 0) {
      return Cel.number(function + "(" + number + ")");
    }
    String factor = "1" + "0".repeat(digits) + ".0";
    return Cel.number("(" + function + "(" + number + " * " + factor + ") / " + factor + ")");
  }

  private static int digits(String text) {
    return text.matches("[0-9]") ? Integer.parseInt(text) : 0;
  }

  private Cel each(Expression target, java.util.function.UnaryOperator<String> body) {
    String item = writer.temporary();
    return Cel.any(plain(target) + ".map(" + item + ", " + body.apply(item) + ")");
  }

  /** By Jinja's rule: texts without regard to case, unless that is asked for. */
  private Cel sorted(Expression target, Args args) {
    boolean reverse = args.flag("reverse");
    boolean exact = args.flag("case_sensitive");
    Optional<String> attribute = args.named("attribute").map(args::literal);
    String item = writer.temporary();
    String key = attribute.map(path -> member(item, path)).orElse(item);
    String by =
        exact
            ? key
            : writer
                .bound(
                    Cel.any(key),
                    Kind.ANY,
                    t -> "type(T) == string ? T.lowerAscii() : T".replace("T", t))
                .text();
    String sorted = plain(target) + ".sortBy(" + item + ", " + by + ")";
    return Cel.any(reverse ? sorted + ".reverse()" : sorted);
  }

  private Cel mapped(Expression target, Args args, int at) {
    Optional<Expression> attribute = args.named("attribute");
    if (attribute.isPresent()) {
      String path = args.literal(attribute.get());
      Optional<String> fallback = args.named("default").map(this::plain);
      return each(
          target,
          item ->
              fallback
                  .map(value -> optionalMember(item, path) + ".orValue(" + value + ")")
                  .orElseGet(() -> member(item, path)));
    }
    String name = args.literal();
    Node.Arguments rest = args.rest();
    return each(
        target,
        item ->
            writer
                .plain(new Node.Filter(new Node.Given(Cel.any(item), at), name, rest, at), scope)
                .text());
  }

  private Cel selected(Expression target, Args args, boolean byAttribute, boolean rejects, int at) {
    Optional<String> attribute = byAttribute ? Optional.of(args.literal()) : Optional.empty();
    Optional<String> test = args.hasNext() ? Optional.of(args.literal()) : Optional.empty();
    Node.Arguments rest = args.rest();
    String item = writer.temporary();
    Expression value =
        new Node.Given(Cel.any(attribute.map(path -> member(item, path)).orElse(item)), at);
    Expression condition =
        test.map(name -> (Expression) new Node.Check(value, name, rest, false, at)).orElse(value);
    String holds = writer.truth(condition, scope).text();
    return Cel.any(
        plain(target) + ".filter(" + item + ", " + (rejects ? "!" : "") + "(" + holds + "))");
  }

  /** {@code a.b.0} of an item, as the argument {@code attribute} writes it. */
  private static String member(String item, String path) {
    String text = item;
    for (String part : path.split("\\.", -1)) {
      text = part.matches("[0-9]{1,9}") ? text + "[" + part + "]" : Cel.member(text, part);
    }
    return text;
  }

  private static String optionalMember(String item, String path) {
    String text = item;
    for (String part : path.split("\\.", -1)) {
      text = part.matches("[0-9]{1,9}") ? text + "[?" + part + "]" : Cel.optional(text, part);
    }
    return text;
  }
}
