package dev.fanfare.dialect.circleci;

import dev.fanfare.definition.SourceSpan;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import java.util.List;
import java.util.Optional;

/** Logic statements: {@code and}, {@code or}, {@code not}, {@code equal}, {@code matches}. */
final class Logic {

  private static final int MAX_DEPTH = 100;

  private final Fields fields;
  private final Scope scope;

  Logic(Fields fields, Scope scope) {
    this.fields = fields;
    this.scope = scope;
  }

  /**
   * Whether a statement is true.
   *
   * @param bare whether a text is an expression by itself, as it is under a workflow's {@code when}
   */
  boolean holds(YamlNode statement, boolean bare) {
    if (bare && statement instanceof Scalar text && isExpression(text)) {
      return fields.rendering().expression(text, scope).isTruthy();
    }
    return value(statement, 1).isTruthy();
  }

  private static boolean isExpression(Scalar scalar) {
    return scalar.value() instanceof String && !scalar.text().contains("<<");
  }

  private Value value(YamlNode node, int depth) {
    return switch (node) {
      case Scalar scalar -> fields.rendering().value(scalar, scope);
      case Sequence list -> {
        wrong(list, "a list alone is no statement", "name what it means: and, or, equal");
        yield Value.of(false);
      }
      case Mapping map when depth > MAX_DEPTH -> {
        fields.ledger().settleAll(map);
        wrong(map, "statements nest at most " + MAX_DEPTH + " levels deep", "");
        yield Value.of(false);
      }
      case Mapping map -> statement(map, depth);
    };
  }

  private Value statement(Mapping map, int depth) {
    Section section = fields.ledger().open("logic", map);
    if (map.entries().size() > 1) {
      wrong(map, "a logic statement has one operator, this has several", "put them under and:");
    }
    boolean holds = map.entries().isEmpty() ? false : operator(section, map, depth);
    section.close();
    return Value.of(holds);
  }

  private boolean operator(Section section, Mapping map, int depth) {
    String name = map.entries().getFirst().key();
    return switch (name) {
      case "and" ->
          arguments(section, name).stream()
              .map(each -> value(each, depth + 1).isTruthy())
              .reduce(true, Boolean::logicalAnd);
      case "or" ->
          arguments(section, name).stream()
              .map(each -> value(each, depth + 1).isTruthy())
              .reduce(false, Boolean::logicalOr);
      case "not" ->
          !section.node(name).map(each -> value(each, depth + 1)).orElse(Value.of()).isTruthy();
      case "equal" -> equal(arguments(section, name), depth);
      case "matches" -> section.section(name, "matches").map(this::matches).orElse(false);
      default -> false;
    };
  }

  private List<YamlNode> arguments(Section section, String name) {
    Optional<YamlNode> node = section.node(name);
    if (node.orElse(null) instanceof Sequence list && !list.items().isEmpty()) {
      return list.items();
    }
    error(
        "bad-condition",
        "'" + name + "' needs a list of at least one statement",
        node.map(YamlNode::span).orElse(section.keySpan(name)),
        "");
    node.ifPresent(fields.ledger()::settleAll);
    return List.of();
  }

  private boolean equal(List<YamlNode> arguments, int depth) {
    List<Value> values = arguments.stream().map(each -> value(each, depth + 1)).toList();
    return !values.isEmpty() && values.stream().allMatch(values.getFirst()::sameAs);
  }

  private boolean matches(Section section) {
    Optional<String> pattern = fields.text(section, "pattern", scope);
    Optional<String> value = fields.text(section, "value", scope);
    if (pattern.isEmpty()) {
      error("missing-key", "'matches' needs a 'pattern'", section.span(), "");
    }
    section.close();
    try {
      return pattern.isPresent() && FullMatch.matches(pattern.get(), value.orElse(""));
    } catch (ExpressionFault fault) {
      error("bad-pattern", fault.complaint(), section.keySpan("pattern"), "");
      return false;
    }
  }

  private void wrong(YamlNode node, String message, String hint) {
    error("bad-condition", message, node.span(), hint);
  }

  private void error(String code, String message, SourceSpan span, String hint) {
    fields.problems().error(code, message, span, hint);
  }
}
