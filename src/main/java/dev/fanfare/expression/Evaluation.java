package dev.fanfare.expression;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One evaluation of a compiled expression. Used once, by one thread. */
final class Evaluation {

  private final Scope scope;
  private final Budget budget;
  private @Nullable Frame frame;

  Evaluation(Scope scope, Budget budget) {
    this.scope = scope;
    this.budget = budget;
  }

  /** The variables of a running macro. */
  private static final class Frame {
    final Node.Fold fold;
    final @Nullable Frame outer;
    @Nullable Object item;

    /** What the loop has made so far; a {@link Failure} where a logical step failed. */
    @Nullable Object result;

    Frame(Node.Fold fold, @Nullable Frame outer) {
      this.fold = fold;
      this.outer = outer;
    }
  }

  /** The list that a running {@code map} or {@code filter} is building; seen by nothing else. */
  private static final class Growing extends ArrayList<@Nullable Object> {
    private static final long serialVersionUID = 1;
  }

  /**
   * The value of a node.
   *
   * @throws Failure with the offset of what failed
   */
  @Nullable Object value(Node node) {
    budget.charge(1);
    try {
      return switch (node) {
        case Node.Constant constant -> constant.value();
        case Node.Name name -> name(name.name());
        case Node.Local local -> local(local.name());
        case Node.Select select -> select(select);
        case Node.Index index -> index(index);
        case Node.Call call -> call(call);
        case Node.And and -> logical(and.left(), and.right(), false);
        case Node.Or or -> logical(or.left(), or.right(), true);
        case Node.Conditional choice -> choose(choice);
        case Node.OrElse orElse -> orElse(orElse);
        case Node.NotFalse test -> notFalse(test.operand());
        case Node.ListOf list -> list(list);
        case Node.MapOf map -> map(map);
        case Node.Fold fold -> fold(fold);
        case Node.Append append -> append(append);
      };
    } catch (Failure e) {
      throw e.at(node.at());
    } catch (Unreadable e) {
      throw Failure.of(e.sentence()).at(node.at());
    }
  }

  private @Nullable Object name(String name) {
    Object value = scope.value(name);
    return value == null ? Kind.named(name) : Kind.normal(value);
  }

  private @Nullable Object local(String name) {
    for (Frame f = frame; f != null; f = f.outer) {
      if (f.fold.item().equals(name)) {
        return f.item;
      }
      if (f.fold.result().equals(name)) {
        if (f.result instanceof Failure failure) {
          throw failure;
        }
        return f.result;
      }
    }
    throw Failure.of(name + " has no value here");
  }

  private @Nullable Object select(Node.Select select) {
    return Members.read(
        budget, value(select.target()), select.field(), select.access(), select.target());
  }

  private @Nullable Object index(Node.Index index) {
    Object target = value(index.target());
    Object key = value(index.key());
    boolean constant = index.key() instanceof Node.Constant;
    return Members.readAt(target, key, constant, index.access(), index.target());
  }

  private @Nullable Object call(Node.Call call) {
    Function function = call.function();
    if (function == null) {
      throw Failure.of("there is no function " + call.name().replaceFirst("^\\.", ""));
    }
    @Nullable Object[] given = new @Nullable Object[call.args().size()];
    for (int i = 0; i < given.length; i++) {
      given[i] = value(call.args().get(i));
    }
    return function.apply(budget, given);
  }

  /**
   * {@code ||} (decided by true) and {@code &&} (decided by false); either side may decide alone.
   */
  private Boolean logical(Node left, Node right, boolean decider) {
    Failure failure;
    try {
      if (truth(left) == decider) {
        return decider;
      }
      return truth(right);
    } catch (Failure e) {
      if (e.isLimit()) {
        throw e;
      }
      failure = e;
    }
    if (truth(right) == decider) {
      return decider;
    }
    throw failure;
  }

  private boolean truth(Node node) {
    Object value = value(node);
    if (value instanceof Boolean bool) {
      return bool;
    }
    throw Failure.of(
            Node.describe(node)
                + " is "
                + Kind.of(value).words()
                + " where true or false is needed; compare it with something")
        .at(node.at());
  }

  private @Nullable Object choose(Node.Conditional choice) {
    return value(truth(choice.condition()) ? choice.then() : choice.otherwise());
  }

  private @Nullable Object orElse(Node.OrElse orElse) {
    Object target = value(orElse.optional());
    if (target instanceof Optional<?> optional) {
      if (optional.isEmpty()) {
        return value(orElse.fallback());
      }
      return orElse.unwrap() ? Members.unwrap(optional) : optional;
    }
    throw Failure.of(
        (orElse.unwrap() ? "orValue" : "or")
            + " follows an optional such as a.?b, but stands behind "
            + Kind.of(target).words());
  }

  private Boolean notFalse(Node operand) {
    try {
      return !Boolean.FALSE.equals(value(operand));
    } catch (Failure e) {
      if (e.isLimit()) {
        throw e;
      }
      return true;
    }
  }

  private Object list(Node.ListOf list) {
    if (list.elements().isEmpty()) {
      return new Growing();
    }
    List<@Nullable Object> values = new ArrayList<>(list.elements().size());
    for (int i = 0; i < list.elements().size(); i++) {
      Node element = list.elements().get(i);
      Object value = value(element);
      if (!list.optional().contains(i)) {
        values.add(value);
      } else if (Members.optional(value, element).isPresent()) {
        values.add(Members.unwrap(Members.optional(value, element)));
      }
    }
    return values;
  }

  private Object map(Node.MapOf map) {
    Map<Object, @Nullable Object> values = new LinkedHashMap<>();
    for (Node.Entry entry : map.entries()) {
      Object key = Members.key(value(entry.key()));
      Object value = value(entry.value());
      if (entry.optional()) {
        Optional<?> optional = Members.optional(value, entry.value());
        if (optional.isEmpty()) {
          continue;
        }
        value = Members.unwrap(optional);
      }
      if (values.containsKey(key)) {
        throw Failure.of("a map is given the same key twice").at(entry.key().at());
      }
      values.put(key, value);
    }
    return values;
  }

  private @Nullable Object fold(Node.Fold fold) {
    Iterable<?> range = Members.iterable(value(fold.range()), fold.range());
    Frame outer = frame;
    Frame own = new Frame(fold, outer);
    own.result = value(fold.init());
    boolean logical = fold.step() instanceof Node.And || fold.step() instanceof Node.Or;
    frame = own;
    try {
      for (Object item : range) {
        if (!Boolean.TRUE.equals(value(fold.goOn()))) {
          break;
        }
        budget.iteration();
        own.item = Kind.normal(item);
        own.result = logical ? logicalStep(fold.step()) : value(fold.step());
      }
      return value(fold.value());
    } finally {
      frame = outer;
    }
  }

  /** A failed element of {@code all} or {@code exists} counts only if no other one decides. */
  private @Nullable Object logicalStep(Node step) {
    try {
      return value(step);
    } catch (Failure e) {
      if (e.isLimit()) {
        throw e;
      }
      return e;
    }
  }

  private @Nullable Object append(Node.Append append) {
    Object target = local(append.result());
    if (!(target instanceof Growing growing)) {
      throw Failure.of("a loop lost its list");
    }
    for (Node element : append.elements()) {
      Object value = value(element);
      growing.add(value);
    }
    return growing;
  }
}
