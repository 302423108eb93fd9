package dev.fanfare.graph;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Param;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Workflow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Checks what a run was given against the parameters of its workflow. */
public final class Params {

  private Params() {}

  /**
   * Values for every parameter that has one, in the order of the file, and what is wrong with what
   * was given.
   */
  public record Checked(Map<String, Object> values, List<Diagnostic> diagnostics) {
    public boolean isGood() {
      return diagnostics.stream().noneMatch(Diagnostic::isError);
    }
  }

  /**
   * Checks values.
   *
   * @param given values by name; text stands for any type that it can be read as
   * @param readJson reads a text as JSON, null where it is none; for arrays and objects typed on a
   *     command line
   */
  public static Checked check(
      Workflow workflow, Map<String, Object> given, Function<String, @Nullable Object> readJson) {
    Map<String, Object> values = new LinkedHashMap<>();
    List<Diagnostic> found = new ArrayList<>();
    for (Param param : workflow.params().values()) {
      if (given.containsKey(param.name())) {
        Object value = convert(param.type(), given.get(param.name()), readJson);
        if (value == WRONG) {
          found.add(wrong(param, given.get(param.name())));
        } else {
          values.put(param.name(), value);
        }
      } else if (param.hasDefault()) {
        values.put(param.name(), param.defaultValue());
      } else if (param.required()) {
        found.add(
            Diagnostic.error(
                "missing-param",
                "the parameter '" + param.name() + "' is required and has no value",
                param.span(),
                "give it one: --param " + param.name() + "=..."));
      }
    }
    for (String name : given.keySet()) {
      if (!workflow.params().containsKey(name)) {
        found.add(
            Diagnostic.error(
                "unknown-param",
                "the workflow has no parameter '" + name + "'",
                SourceSpan.NONE,
                workflow.params().isEmpty()
                    ? "it takes none"
                    : Suggestion.of(name, workflow.params().keySet())
                        .replace("the steps are", "its parameters are")));
      }
    }
    return new Checked(values, found);
  }

  private static final Object WRONG = new Object();

  private static Diagnostic wrong(Param param, @Nullable Object value) {
    return Diagnostic.error(
        "wrong-param-type",
        "the parameter '"
            + param.name()
            + "' must be of type "
            + param.type().name().toLowerCase(Locale.ROOT)
            + ", but it was given "
            + (value instanceof String text ? "'" + text + "'" : String.valueOf(value)),
        param.span(),
        switch (param.type()) {
          case ARRAY -> "write a JSON list: [1, 2]";
          case OBJECT -> "write a JSON object: {\"key\": 1}";
          case BOOLEAN -> "write true or false";
          case INTEGER -> "write a whole number";
          case NUMBER -> "write a number";
          case STRING -> "write text, a number or true or false";
          case ANY -> "";
        });
  }

  private static @Nullable Object convert(
      Param.Type type, @Nullable Object value, Function<String, @Nullable Object> readJson) {
    return switch (type) {
      case ANY -> value;
      case STRING -> scalarText(value);
      case BOOLEAN -> value instanceof String text ? bool(text) : is(value, Boolean.class);
      case INTEGER -> value instanceof String text ? integer(text) : is(value, Long.class);
      case NUMBER -> value instanceof String text ? number(text) : is(value, Number.class);
      case ARRAY -> is(value instanceof String text ? readJson.apply(text) : value, List.class);
      case OBJECT -> is(value instanceof String text ? readJson.apply(text) : value, Map.class);
    };
  }

  private static @Nullable Object scalarText(@Nullable Object value) {
    return switch (value) {
      case String text -> text;
      case Long number -> number.toString();
      case Double number -> number.toString();
      case Boolean bool -> bool.toString();
      case null -> WRONG;
      default -> WRONG;
    };
  }

  private static Object is(@Nullable Object value, Class<?> type) {
    return type.isInstance(value) ? type.cast(value) : WRONG;
  }

  private static Object bool(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> WRONG;
    };
  }

  private static Object integer(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return WRONG;
    }
  }

  private static Object number(String text) {
    Object integer = integer(text);
    if (integer != WRONG) {
      return integer;
    }
    try {
      double number = Double.parseDouble(text);
      return Double.isFinite(number) ? number : WRONG;
    } catch (NumberFormatException e) {
      return WRONG;
    }
  }
}
