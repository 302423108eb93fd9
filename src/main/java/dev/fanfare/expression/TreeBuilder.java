package dev.fanfare.expression;

import dev.cel.common.CelSource;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns CEL's syntax tree into {@link Node}s: resolves variables of macros and finds functions. */
final class TreeBuilder {

  private static final int DEEPEST = 300;

  private final CelSource source;
  private final Deque<String> locals = new ArrayDeque<>();
  private int depth;

  TreeBuilder(CelSource source) {
    this.source = source;
  }

  /** A construct of CEL that this language does not have. */
  static final class NotSupported extends Exception {
    private static final long serialVersionUID = 1;
    private final transient Compiled.Problem problem;

    NotSupported(Compiled.Problem problem) {
      super(problem.message());
      this.problem = problem;
    }

    Compiled.Problem problem() {
      return problem;
    }
  }

  static Compiled.Problem tooDeep(int at) {
    return new Compiled.Problem(
        "expression-too-deep",
        "the expression is nested too deeply",
        at,
        "split it: compute a part in a step of its own with pass");
  }

  Node build(CelExpr expr) throws NotSupported {
    int at = at(expr);
    if (++depth > DEEPEST) {
      throw new NotSupported(tooDeep(at));
    }
    Node node =
        switch (expr.getKind()) {
          case CONSTANT -> new Node.Constant(constant(expr.constant(), at), at);
          case IDENT -> name(expr.ident().name(), at);
          case SELECT -> select(expr.select(), at);
          case CALL -> call(expr.call(), at);
          case LIST -> list(expr.list(), at);
          case MAP -> map(expr.map(), at);
          case COMPREHENSION -> fold(expr.comprehension(), at);
          case STRUCT ->
              throw unsupported(
                  at, "there are no message types here", "write a map: {\"key\": value}");
          case NOT_SET -> throw unsupported(at, "a part of the expression is missing", "");
        };
    depth--;
    return node;
  }

  private int at(CelExpr expr) {
    Integer offset = source.getPositionsMap().get(expr.id());
    return offset == null ? 0 : offset;
  }

  private static NotSupported unsupported(int at, String message, String hint) {
    return new NotSupported(new Compiled.Problem("expression-syntax", message, at, hint));
  }

  private static @Nullable Object constant(CelConstant constant, int at) throws NotSupported {
    return switch (constant.getKind()) {
      case NULL_VALUE -> null;
      case BOOLEAN_VALUE -> constant.booleanValue();
      case INT64_VALUE -> constant.int64Value();
      case DOUBLE_VALUE -> constant.doubleValue();
      case STRING_VALUE -> constant.stringValue();
      case BYTES_VALUE -> Bytes.of(constant.bytesValue().toByteArray());
      case UINT64_VALUE ->
          throw unsupported(at, "there are no unsigned numbers here", "leave the u away");
      case TIMESTAMP_VALUE, DURATION_VALUE, NOT_SET ->
          throw unsupported(at, "a literal of this kind cannot be written here", "");
    };
  }

  private Node name(String written, int at) {
    String name = written.startsWith(".") ? written.substring(1) : written;
    return locals.contains(written) ? new Node.Local(name, at) : new Node.Name(name, at);
  }

  private Node select(CelExpr.CelSelect select, int at) throws NotSupported {
    Node.Access access = select.testOnly() ? Node.Access.PRESENCE : Node.Access.PLAIN;
    int name = select.testOnly() ? at : at + 1;
    return new Node.Select(build(select.operand()), select.field(), access, name);
  }

  private Node call(CelExpr.CelCall call, int at) throws NotSupported {
    if (call.target().isPresent()) {
      return targetCall(call, call.target().get(), at);
    }
    List<Node> args = all(call.args());
    return switch (call.function()) {
      case "_&&_" -> new Node.And(args.get(0), args.get(1), at);
      case "_||_" -> new Node.Or(args.get(0), args.get(1), at);
      case "_?_:_" -> new Node.Conditional(args.get(0), args.get(1), args.get(2), at);
      case "@not_strictly_false" -> new Node.NotFalse(args.getFirst(), at);
      case "_[_]" -> new Node.Index(args.get(0), args.get(1), Node.Access.PLAIN, at);
      case "_[?_]" -> new Node.Index(args.get(0), args.get(1), Node.Access.OPTIONAL, at);
      case "_?._" -> optionalSelect(args.get(0), args.get(1), at);
      case "_+_" -> appendOrAdd(args, at);
      default -> named(call.function(), args, nameOf(call, at));
    };
  }

  /** Where a function's name begins, given the place of its bracket. */
  private static int nameOf(CelExpr.CelCall call, int bracket) {
    String name = call.function();
    boolean written = Character.isLetter(name.charAt(0)) && !name.contains("@");
    return written ? Math.max(0, bracket - name.length()) : bracket;
  }

  private static Node optionalSelect(Node target, Node field, int at) {
    return field instanceof Node.Constant(String name, int where)
        ? new Node.Select(target, name, Node.Access.OPTIONAL, at + 2)
        : new Node.Index(target, field, Node.Access.OPTIONAL, at);
  }

  /** {@code map} and {@code filter} add to a hidden list; added in place they stay linear. */
  private static Node appendOrAdd(List<Node> args, int at) {
    return args.get(0) instanceof Node.Local(String name, int where)
            && name.startsWith("@")
            && args.get(1) instanceof Node.ListOf list
            && list.optional().isEmpty()
        ? new Node.Append(name, list.elements(), at)
        : named("_+_", args, at);
  }

  private Node targetCall(CelExpr.CelCall call, CelExpr target, int at) throws NotSupported {
    if (target.getKind() == CelExpr.ExprKind.Kind.IDENT) {
      String space = target.ident().name();
      if (!locals.contains(space) && Functions.isNamespace(space)) {
        return named(space + "." + call.function(), all(call.args()), at(target));
      }
    }
    List<Node> args = new ArrayList<>();
    args.add(build(target));
    args.addAll(all(call.args()));
    boolean fallback = call.function().equals("orValue") || call.function().equals("or");
    return fallback && args.size() == 2
        ? new Node.OrElse(args.get(0), args.get(1), call.function().equals("orValue"), at)
        : named("." + call.function(), args, nameOf(call, at));
  }

  private static Node named(String name, List<Node> args, int at) {
    return new Node.Call(name, Functions.find(name), args, at);
  }

  private List<Node> all(List<CelExpr> exprs) throws NotSupported {
    List<Node> nodes = new ArrayList<>(exprs.size());
    for (CelExpr expr : exprs) {
      nodes.add(build(expr));
    }
    return List.copyOf(nodes);
  }

  private Node list(CelExpr.CelList list, int at) throws NotSupported {
    return new Node.ListOf(all(list.elements()), Set.copyOf(list.optionalIndices()), at);
  }

  private Node map(CelExpr.CelMap map, int at) throws NotSupported {
    List<Node.Entry> entries = new ArrayList<>();
    for (CelExpr.CelMap.Entry entry : map.entries()) {
      entries.add(new Node.Entry(build(entry.key()), build(entry.value()), entry.optionalEntry()));
    }
    return new Node.MapOf(List.copyOf(entries), at);
  }

  private Node fold(CelExpr.CelComprehension loop, int at) throws NotSupported {
    Node range = build(loop.iterRange());
    Node init = build(loop.accuInit());
    locals.push(loop.accuVar());
    Node value = build(loop.result());
    locals.push(loop.iterVar());
    Node goOn = build(loop.loopCondition());
    Node step = build(loop.loopStep());
    locals.pop();
    locals.pop();
    return new Node.Fold(loop.iterVar(), range, loop.accuVar(), init, goOn, step, value, at);
  }
}
