package dev.fanfare.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the reads of {@code secrets} and {@code env} in an expression, and what becomes of their
 * values: whoever may not see a value can still hand it on.
 */
final class Flow {

  private static final Set<String> ROOTS = Set.of("secrets", "env");

  private final Set<String> inScope;
  final List<Read> reads = new ArrayList<>();

  /** One read; the name is empty where it is not a constant. */
  record Read(String root, String name, References.Use use, int at) {}

  Flow(Set<String> inScope) {
    this.inScope = inScope;
  }

  /**
   * Walks a tree.
   *
   * @param use what becomes of the node's value
   */
  void walk(Node node, References.Use use) {
    References.Use inside = use == References.Use.LOOKED_AT ? use : References.Use.INSIDE;
    switch (node) {
      case Node.Constant ignored -> {}
      case Node.Local ignored -> {}
      case Node.Name name -> {
        if (isRoot(name)) {
          reads.add(new Read(name.name(), "", inside, name.at()));
        }
      }
      case Node.Select select -> member(select.target(), select.field(), select.access(), use);
      case Node.Index index -> index(index, use);
      case Node.Call call -> {
        References.Use operand = call.name().equals("_+_") ? use : References.Use.LOOKED_AT;
        call.args().forEach(arg -> walk(arg, operand));
      }
      case Node.And and -> look(and.left(), and.right());
      case Node.Or or -> look(or.left(), or.right());
      case Node.NotFalse test -> look(test.operand());
      case Node.Conditional choice -> {
        look(choice.condition());
        walk(choice.then(), use);
        walk(choice.otherwise(), use);
      }
      case Node.OrElse orElse -> {
        look(orElse.optional());
        walk(orElse.fallback(), use);
      }
      case Node.ListOf list -> list.elements().forEach(element -> walk(element, inside));
      case Node.MapOf map ->
          map.entries()
              .forEach(
                  entry -> {
                    look(entry.key());
                    walk(entry.value(), inside);
                  });
      case Node.Fold fold -> {
        look(fold.range(), fold.init(), fold.goOn());
        walk(fold.step(), use);
        walk(fold.value(), use);
      }
      case Node.Append append -> append.elements().forEach(element -> walk(element, inside));
    }
  }

  private void look(Node... nodes) {
    for (Node node : nodes) {
      walk(node, References.Use.LOOKED_AT);
    }
  }

  private void index(Node.Index index, References.Use use) {
    if (index.key() instanceof Node.Constant(String name, int at)) {
      member(index.target(), name, index.access(), use);
    } else {
      look(index.key());
      member(index.target(), null, index.access(), use);
    }
  }

  private void member(Node target, @Nullable String name, Node.Access access, References.Use use) {
    if (!isRoot(target)) {
      look(target);
      return;
    }
    String root = ((Node.Name) target).name();
    boolean presence = access == Node.Access.PRESENCE && root.equals("env");
    if (!presence) {
      References.Use of = access == Node.Access.PLAIN ? use : References.Use.LOOKED_AT;
      reads.add(new Read(root, name == null ? "" : name, of, target.at()));
    }
  }

  private boolean isRoot(Node node) {
    return node instanceof Node.Name name
        && ROOTS.contains(name.name())
        && inScope.contains(name.name());
  }
}
