package dev.fanfare.engine;

import dev.fanfare.definition.Structure;
import dev.fanfare.expression.ExpressionException;
import dev.fanfare.expression.Expressions;
import dev.fanfare.graph.Node;
import dev.fanfare.graph.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which cases of a switch run.
 *
 * <p>Kept with the switch: {@code taken}, the names of its cases that do. They are chosen once an
 * attempt, before anything of it starts, and not asked again.
 */
final class Switches {
  private static final String TAKEN = "taken";

  private final Draft draft;

  Switches(Flow flow) {
    this.draft = flow.draft;
  }

  /** Asks the cases in written order: the first that matches, or with {@code all} each of them. */
  Map<String, Object> choose(Structure.Switch rules, Cell cell) throws ExpressionException {
    RunScope scope = RunScope.of(draft, cell, Map.of());
    List<Object> taken = new ArrayList<>();
    for (int index : draft.node(cell).children()) {
      Node each = draft.graph.node(index);
      boolean asked = rules.all() || taken.isEmpty();
      boolean matches =
          each.when().isPresent()
              ? asked && Expressions.test(each.when().get(), scope)
              : taken.isEmpty();
      if (matches) {
        taken.add(each.step().name());
      }
    }
    return Map.of(TAKEN, taken);
  }

  private static List<?> taken(Cell cell) {
    return cell.detail != null && cell.detail.get(TAKEN) instanceof List<?> list ? list : List.of();
  }

  /** Whether a case runs. */
  boolean takes(Cell each) {
    return taken(draft.edit(each.parent)).contains(draft.node(each).step().name());
  }

  /** Why a switch ends without anything of it having run; null for one of which something has. */
  @Nullable Reason whyNothing(Cell cell) {
    boolean nothing = draft.node(cell).shape() instanceof Shape.Switch && taken(cell).isEmpty();
    return nothing ? Reason.of("no_case_matched") : null;
  }

  /** What the taken case has yielded; with {@code all}, the list of what they have. */
  @Nullable Object output(Cell cell, List<Cell> children) {
    List<?> taken = taken(cell);
    List<Object> outputs = new ArrayList<>();
    for (Cell child : children) {
      if (taken.contains(draft.node(child).step().name())) {
        outputs.add(child.output);
      }
    }
    Structure.Switch rules = ((Shape.Switch) draft.node(cell).shape()).definition();
    return rules.all() ? outputs : outputs.isEmpty() ? null : outputs.getFirst();
  }
}
