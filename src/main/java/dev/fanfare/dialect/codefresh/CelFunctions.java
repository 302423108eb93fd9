package dev.fanfare.dialect.codefresh;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The functions of conditions, written as CEL. */
final class CelFunctions {

  /** The functions and how many arguments each takes. */
  private static final Map<String, Set<Integer>> ARGUMENTS =
      Map.ofEntries(
          Map.entry("String", Set.of(1)),
          Map.entry("Number", Set.of(1)),
          Map.entry("Boolean", Set.of(1)),
          Map.entry("round", Set.of(1)),
          Map.entry("floor", Set.of(1)),
          Map.entry("upper", Set.of(1)),
          Map.entry("lower", Set.of(1)),
          Map.entry("trim", Set.of(1)),
          Map.entry("trimLeft", Set.of(1)),
          Map.entry("trimRight", Set.of(1)),
          Map.entry("replace", Set.of(3)),
          Map.entry("substring", Set.of(2, 3)),
          Map.entry("length", Set.of(1)),
          Map.entry("includes", Set.of(2)),
          Map.entry("indexOf", Set.of(2)),
          Map.entry("match", Set.of(2, 3)),
          Map.entry("Variable", Set.of(1)),
          Map.entry("Member", Set.of(2)));

  private final CelWriter writer;
  private final Variables variables;
  private final Place place;

  CelFunctions(CelWriter writer, Variables variables, Place place) {
    this.writer = writer;
    this.variables = variables;
    this.place = place;
  }

  Cel write(Ast.Call call) throws ConditionException {
    Set<Integer> takes = ARGUMENTS.get(call.function());
    if (takes == null) {
      throw new ConditionException(
          call.at(),
          "there is no function '" + call.function() + "'",
          dev.fanfare.definition.Nearest.to(call.function(), ARGUMENTS.keySet())
              .map(near -> "did you mean '" + near + "'?")
              .orElse(
                  "the functions are "
                      + String.join(", ", ARGUMENTS.keySet().stream().sorted().toList())));
    }
    if (!takes.contains(call.arguments().size())) {
      throw new ConditionException(
          call.at(),
          "'" + call.function() + "' has " + call.arguments().size() + " arguments",
          "it takes "
              + (takes.size() == 1 ? takes.iterator().next() : takes.stream().sorted().toList()));
    }
    return switch (call.function()) {
      case "Variable" -> variable(call);
      case "Member" -> member(call);
      case "match" -> match(call);
      default -> plain(call.function(), written(call));
    };
  }

  private List<Cel> written(Ast.Call call) throws ConditionException {
    List<Cel> written = new ArrayList<>();
    for (Ast argument : call.arguments()) {
      written.add(writer.write(argument));
    }
    return written;
  }

  private static Cel plain(String function, List<Cel> a) {
    Cel first = a.getFirst();
    return switch (function) {
      case "String" -> Cel.text(first.asText());
      case "Number" -> Cel.number(first.asNumber());
      case "Boolean" -> Cel.bool(first.truth());
      case "round" -> Cel.number("math.floor(" + first.asNumber() + " + 0.5)");
      case "floor" -> Cel.number("math.floor(" + first.asNumber() + ")");
      case "upper" -> Cel.text(first.asText() + ".upperAscii()");
      case "lower" -> Cel.text(first.asText() + ".lowerAscii()");
      case "trim" -> Cel.text(first.asText() + ".trim()");
      case "trimLeft" ->
          Cel.text(
              "cel.bind(l, (" + first.asText() + " + \"|\").trim(), l.substring(0, size(l) - 1))");
      case "trimRight" ->
          Cel.text("cel.bind(r, (\"|\" + " + first.asText() + ").trim(), r.substring(1))");
      case "replace" ->
          Cel.text(
              first.asText() + ".replace(" + a.get(1).asText() + ", " + a.get(2).asText() + ")");
      case "substring" -> substring(a);
      case "length" -> Cel.number("double(size(" + first.asText() + "))");
      case "includes" -> Cel.bool(first.asText() + ".contains(" + a.get(1).asText() + ")");
      case "indexOf" ->
          Cel.number("double(" + first.asText() + ".indexOf(" + a.get(1).asText() + "))");
      default -> throw new IllegalStateException("no function " + function);
    };
  }

  /** As in JavaScript: positions outside of the text are its ends, and the smaller one is first. */
  private static Cel substring(List<Cel> a) {
    String to = a.size() == 3 ? clamped(a.get(2)) : "size(s)";
    return Cel.text(
        "cel.bind(s, "
            + a.getFirst().asText()
            + ", cel.bind(f, "
            + clamped(a.get(1))
            + ", cel.bind(e, "
            + to
            + ", s.substring(math.least(f, e), math.greatest(f, e)))))");
  }

  private static String clamped(Cel position) {
    return "int(math.least(double(size(s)), math.greatest(0.0, " + position.asNumber() + ")))";
  }

  private Cel variable(Ast.Call call) throws ConditionException {
    String name = Ast.plain(call.arguments().getFirst());
    if (name == null) {
      throw new ConditionException(
          call.at(), "the name of a variable is a text in quotes", "Variable('NAME')");
    }
    return Cel.any(variables.orNull(name, place));
  }

  private Cel member(Ast.Call call) throws ConditionException {
    String step = Ast.plain(call.arguments().get(0));
    String field = Ast.plain(call.arguments().get(1));
    if (step == null || field == null || variables.steps().index().find(step).isEmpty()) {
      throw new ConditionException(
          call.at(),
          step == null ? "the arguments are two texts" : "there is no step '" + step + "'",
          "Member('step', 'result')");
    }
    return writer.write(new Ast.Member(step, field, call.at()));
  }

  private Cel match(Ast.Call call) throws ConditionException {
    Cel text = writer.write(call.arguments().getFirst());
    String pattern = Ast.plain(call.arguments().get(1));
    String regex;
    if (pattern == null) {
      regex = writer.write(call.arguments().get(1)).asText();
    } else {
      JsRegex read = JsRegex.literal(pattern).orElseGet(() -> JsRegex.of(pattern, ""));
      if (!read.isGood()) {
        throw new ConditionException(
            call.arguments().get(1).at(),
            "the pattern cannot be used: " + read.problem(),
            "write it another way, or test in a step and export what it finds");
      }
      regex = Cel.quote(read.source());
    }
    String ignoresCase =
        call.arguments().size() < 3
            ? ""
            : writer.write(call.arguments().get(2)).truth() + " ? \"(?i)\" : \"\"";
    String whole = ignoresCase.isEmpty() ? regex : "(" + ignoresCase + ") + " + regex;
    return Cel.bool("(" + text.asText() + ").matches(" + whole + ")");
  }
}
