package dev.fanfare.expression;

import dev.fanfare.definition.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What names and functions of other languages and systems are called here. */
final class Foreign {

  /** Names that are in scope somewhere, if not everywhere. */
  static final Set<String> KNOWN_NAMES =
      Set.of(
          "params",
          "env",
          "event",
          "steps",
          "item",
          "index",
          "matrix",
          "run",
          "workflow",
          "secrets",
          "error",
          "exitCode",
          "status",
          "output");

  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("inputs", "write params"),
          Map.entry("input", "write params"),
          Map.entry("parameters", "write params"),
          Map.entry("pipeline", "write params or run"),
          Map.entry("vars", "write params or env"),
          Map.entry("variables", "write params or env"),
          Map.entry("needs", "write steps.<id>.output"),
          Map.entry("jobs", "write steps.<id>.output"),
          Map.entry("job", "write run.status"),
          Map.entry("github", "write event for the trigger's payload, run.branch for the branch"),
          Map.entry("trigger", "write event, or run.trigger"),
          Map.entry("payload", "write event"),
          Map.entry("strategy", "write matrix"),
          Map.entry("secret", "write secrets.NAME"),
          Map.entry("None", "write null"),
          Map.entry("nil", "write null"),
          Map.entry("undefined", "write null"),
          Map.entry("NULL", "write null"),
          Map.entry("True", "write true"),
          Map.entry("TRUE", "write true"),
          Map.entry("False", "write false"),
          Map.entry("FALSE", "write false"),
          Map.entry("not", "write !"));

  private static final String STATUS =
      "write steps.<id>.status == \"succeeded\", or needs with on:";

  private static final Map<String, String> FUNCTIONS =
      Map.ofEntries(
          Map.entry("success", STATUS),
          Map.entry("failure", STATUS),
          Map.entry("always", "write needs: {step, on: [finished]}, or a hook always"),
          Map.entry("cancelled", STATUS),
          Map.entry("tojson", "write toJson(x)"),
          Map.entry("fromjson", "write fromJson(text)"),
          Map.entry("format", "write \"%s-%s\".format([a, b])"),
          Map.entry("hashfiles", "compute it in a step and read its output"),
          Map.entry("now", "there is no clock in expressions; run.startedAt is the run's start"),
          Map.entry("random", "there is no randomness in expressions; compute it in a step"),
          Map.entry("len", "write size(x)"),
          Map.entry("length", "write size(x)"),
          Map.entry("count", "write size(x)"),
          Map.entry("str", "write string(x)"),
          Map.entry("tostring", "write string(x)"),
          Map.entry("number", "write int(x) or double(x)"),
          Map.entry("parseint", "write int(x)"),
          Map.entry("float", "write double(x)"),
          Map.entry("uint", "write int(x)"),
          Map.entry("max", "write math.greatest(a, b)"),
          Map.entry("min", "write math.least(a, b)"),
          Map.entry("abs", "write math.abs(x)"),
          Map.entry("round", "write math.round(x)"),
          Map.entry("range", "write lists.range(n)"),
          Map.entry("lower", "write text.lowerAscii()"),
          Map.entry("tolowercase", "write text.lowerAscii()"),
          Map.entry("upper", "write text.upperAscii()"),
          Map.entry("touppercase", "write text.upperAscii()"),
          Map.entry("includes", "write text.contains(x), or x in list"),
          Map.entry("strip", "write text.trim()"),
          Map.entry("slice", "write list.slice(from, to) or text.substring(from, to)"),
          Map.entry("some", "write list.exists(x, ...)"),
          Map.entry("every", "write list.all(x, ...)"),
          Map.entry("any", "write list.exists(x, ...)"),
          Map.entry("default", "write a.?b.orValue(...)"),
          Map.entry("get", "write a.?b.orValue(...)"),
          Map.entry("keys", "write map.map(key, key)"),
          Map.entry("values", "write map.map(key, map[key])"),
          Map.entry("if", "write condition ? a : b"));

  private Foreign() {}

  /** What to write for a name that is not in scope; empty where nothing comes to mind. */
  static String name(String name, Set<String> inScope) {
    @Nullable String known = NAMES.get(name);
    if (known != null) {
      return known;
    }
    if (KNOWN_NAMES.contains(name)) {
      return "";
    }
    return Nearest.to(name, inScope).map(similar -> "did you mean " + similar + "?").orElse("");
  }

  /** What to write for a function that does not exist. {@code name} may begin with a dot. */
  static String function(String name, int arguments) {
    boolean receiver = name.startsWith(".");
    String bare = receiver ? name.substring(1) : name;
    @Nullable String known = FUNCTIONS.get(bare.toLowerCase(Locale.ROOT));
    if (known != null) {
      return known;
    }
    if (!receiver && Functions.find("." + bare) != null) {
      return "write a." + bare + (arguments > 1 ? "(b)" : "()");
    }
    if (receiver && Functions.find(bare) != null) {
      return "write " + bare + "(a)";
    }
    if (List.of("map", "filter", "all", "exists", "exists_one", "sortBy").contains(bare)) {
      return "write list." + bare + "(x, ...)";
    }
    List<String> written = new ArrayList<>(List.of("map", "filter", "exists", "all", "orValue"));
    for (String each : Functions.names()) {
      if (Character.isLetter(each.charAt(each.startsWith(".") ? 1 : 0)) && !each.contains("@")) {
        written.add(each.startsWith(".") ? each.substring(1) : each);
      }
    }
    return Nearest.to(bare, written)
        .map(similar -> "did you mean " + similar + "?")
        .orElse("the functions are listed in docs/expressions.md");
  }
}
