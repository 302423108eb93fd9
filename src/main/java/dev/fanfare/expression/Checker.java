package dev.fanfare.expression;

import dev.fanfare.definition.Nearest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Judges a compiled expression: names, functions, kinds of arguments; collects what it reads. */
final class Checker {

  /** What a step offers to expressions. */
  private static final List<String> STEP_FIELDS =
      List.of("output", "status", "error", "exitCode", "winner", "token");

  private final String source;
  private final Set<String> inScope;
  final List<Compiled.Problem> problems = new ArrayList<>();
  final Set<String> names = new LinkedHashSet<>();
  final List<StepAt> steps = new ArrayList<>();
  boolean dynamicSteps;

  /** A field of a step (empty for the whole step) read by a constant id, and where. */
  record StepAt(String step, String field, int at) {}

  Checker(String source, Set<String> inScope) {
    this.source = source;
    this.inScope = inScope;
  }

  /** Walks the tree and says of what kind its value will be, {@link Kind#ANY} where unknown. */
  Kind kind(Node node) {
    return switch (node) {
      case Node.Constant constant -> Kind.of(constant.value());
      case Node.Name name -> name(name);
      case Node.Local local -> Kind.ANY;
      case Node.Select select -> select(select);
      case Node.Index index -> index(index);
      case Node.Call call -> call(call);
      case Node.And and -> condition(and.left(), and.right());
      case Node.Or or -> condition(or.left(), or.right());
      case Node.Conditional choice -> {
        condition(choice.condition());
        Kind then = kind(choice.then());
        yield then == kind(choice.otherwise()) ? then : Kind.ANY;
      }
      case Node.OrElse orElse -> {
        kind(orElse.optional());
        kind(orElse.fallback());
        yield Kind.ANY;
      }
      case Node.NotFalse test -> condition(test.operand());
      case Node.ListOf list -> walk(list.elements(), Kind.LIST);
      case Node.MapOf map -> {
        map.entries().forEach(entry -> walk(List.of(entry.key(), entry.value()), Kind.MAP));
        yield Kind.MAP;
      }
      case Node.Fold fold -> fold(fold);
      case Node.Append append -> walk(append.elements(), Kind.LIST);
    };
  }

  private Kind walk(Collection<Node> nodes, Kind result) {
    nodes.forEach(this::kind);
    return result;
  }

  private Kind fold(Node.Fold fold) {
    Kind range = kind(fold.range());
    if (!Kind.LIST.accepts(range) && !Kind.MAP.accepts(range)) {
      report("expression-type", range.words() + " cannot be walked over", fold.range().at(), "");
    }
    Kind init = kind(fold.init());
    walk(List.of(fold.goOn(), fold.step()), Kind.ANY);
    Kind value = kind(fold.value());
    return fold.value() instanceof Node.Local && fold.result().startsWith("@") ? init : value;
  }

  private Kind condition(Node... operands) {
    for (Node operand : operands) {
      Kind kind = kind(operand);
      if (!Kind.BOOL.accepts(kind)) {
        report(
            "expression-type",
            kind.words() + " stands where true or false is needed",
            operand.at(),
            "compare it with something");
      }
    }
    return Kind.BOOL;
  }

  private Kind name(Node.Name name) {
    String root = name.name();
    if (inScope.contains(root)) {
      names.add(root);
      dynamicSteps |= root.equals("steps");
      return root.equals("steps") || root.equals("params") ? Kind.MAP : Kind.ANY;
    }
    if (Kind.named(root) != null) {
      return Kind.TYPE;
    }
    String dashed = DashedNames.around(source, name.at());
    String hint = dashed.isEmpty() ? Foreign.name(root, inScope) : dashed;
    boolean elsewhere = Foreign.KNOWN_NAMES.contains(root);
    report(
        "unknown-name",
        elsewhere ? root + " cannot be used here" : "there is no " + root,
        name.at(),
        hint.isEmpty() ? "in scope here: " + String.join(", ", new TreeSet<>(inScope)) : hint);
    return Kind.ANY;
  }

  private Kind select(Node.Select select) {
    String id = stepId(select);
    if (id != null) {
      return step(id, "", select);
    }
    String ofStep = stepId(select.target());
    if (ofStep != null) {
      checkField(select, ofStep);
      step(ofStep, select.field(), select.target());
      return access(select.access());
    }
    Kind target = kind(select.target());
    if (!Kind.MAP.accepts(target) && target != Kind.OPTIONAL) {
      report(
          "expression-type",
          target.words() + " has no member " + select.field(),
          select.at(),
          select.field().equals("length") ? "write size(...)" : "");
    }
    return access(select.access());
  }

  private Kind index(Node.Index index) {
    String id = stepId(index);
    if (id != null) {
      return step(id, "", index);
    }
    String ofStep = stepId(index.target());
    if (ofStep != null && index.key() instanceof Node.Constant(String field, int at)) {
      step(ofStep, field, index.target());
      return access(index.access());
    }
    walk(List.of(index.target(), index.key()), Kind.ANY);
    return access(index.access());
  }

  private static Kind access(Node.Access access) {
    return switch (access) {
      case PLAIN -> Kind.ANY;
      case PRESENCE -> Kind.BOOL;
      case OPTIONAL -> Kind.OPTIONAL;
    };
  }

  /** The id of the step that a node stands for: {@code steps.build}, {@code steps["a b"]}. */
  private @Nullable String stepId(Node node) {
    return switch (node) {
      case Node.Select select when isSteps(select.target()) -> select.field();
      case Node.Index index
          when isSteps(index.target()) && index.key() instanceof Node.Constant(String id, int at) ->
          id;
      case null, default -> null;
    };
  }

  private boolean isSteps(Node node) {
    return node instanceof Node.Name name
        && name.name().equals("steps")
        && inScope.contains("steps");
  }

  /** Notes a read of a step; its place is that of the root name. */
  private Kind step(String id, String field, Node step) {
    Node root =
        switch (step) {
          case Node.Select select -> select.target();
          case Node.Index index -> index.target();
          case null, default -> step;
        };
    names.add("steps");
    steps.add(new StepAt(id, field, root.at()));
    return Kind.ANY;
  }

  private void checkField(Node.Select select, String id) {
    String field = select.field();
    if (select.access() == Node.Access.PLAIN && !STEP_FIELDS.contains(field)) {
      report(
          "unknown-step-field",
          "a step has no " + field,
          select.at(),
          Nearest.to(field, STEP_FIELDS).map(s -> "did you mean " + s + "? ").orElse("")
              + "it has "
              + String.join(", ", STEP_FIELDS)
              + "; a nested step is steps[\""
              + id
              + "."
              + field
              + "\"]");
    }
  }

  private Kind call(Node.Call call) {
    if (call.name().equals("_-_") && stepId(call.args().getFirst()) != null) {
      String dashed = DashedNames.around(source, call.at() + 1);
      if (!dashed.isEmpty()) {
        report("unknown-name", "a - in a name reads as minus", call.at(), dashed);
        return Kind.ANY;
      }
    }
    List<Kind> given = call.args().stream().map(this::kind).toList();
    Function function = call.function();
    if (function == null) {
      report(
          "unknown-function",
          "there is no function " + call.name().replaceFirst("^\\.", ""),
          call.at(),
          Foreign.function(call.name(), given.size()));
      return Kind.ANY;
    }
    List<Function.Overload> fitting =
        function.overloads().stream().filter(overload -> overload.accepts(given)).toList();
    if (fitting.isEmpty()) {
      String hint = function.hint(given).orElse(DashedNames.around(source, call.at() + 1));
      report("expression-type", function.mismatch(given), call.at(), hint);
    }
    Set<Kind> gives =
        fitting.stream().map(Function.Overload::gives).collect(Collectors.toUnmodifiableSet());
    return gives.size() == 1 ? gives.iterator().next() : Kind.ANY;
  }

  private void report(String code, String message, int at, String hint) {
    problems.add(new Compiled.Problem(code, message, at, hint));
  }
}
