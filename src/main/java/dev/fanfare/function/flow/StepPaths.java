package dev.fanfare.function.flow;

import dev.fanfare.definition.Nearest;
import dev.fanfare.dsl.FlowException;
import dev.fanfare.graph.Graph;
import dev.fanfare.graph.Node;
import java.util.List;

/** Which step of a run a name means to another step of it. */
final class StepPaths {

  private static final String MANY = "[*]";

  private StepPaths() {}

  /**
   * The path of the step with a name: in a turn or an item the one of the same turn or item.
   *
   * @param reader the path of the step that asks
   * @throws FlowException when there is none, or there are many
   */
  static String of(Graph graph, String reader, String name) {
    List<Node> named =
        graph.nodes().stream()
            .filter(node -> node.role() != Node.Role.INSTANCE && node.step().name().equals(name))
            .toList();
    if (named.size() != 1) {
      List<String> known =
          graph.nodes().stream()
              .map(node -> node.step().name())
              .filter(each -> each.indexOf(' ') < 0)
              .distinct()
              .toList();
      throw new FlowException(
          "there is no step '%s'; %s"
              .formatted(
                  name,
                  Nearest.to(name, known)
                      .map(near -> "did you mean '" + near + "'?")
                      .orElse("the steps are " + String.join(", ", known))));
    }
    return concrete(named.getFirst().id(), reader, name);
  }

  private static String concrete(String template, String reader, String name) {
    StringBuilder path = new StringBuilder();
    String rest = template;
    for (int many = rest.indexOf(MANY); many >= 0; many = rest.indexOf(MANY)) {
      path.append(rest, 0, many);
      int end = reader.indexOf(']', path.length());
      if (!reader.startsWith(path + "[") || end < 0) {
        throw new FlowException(
            "there are many of the step '%s': read the output of what they are in".formatted(name));
      }
      path.append(reader, path.length(), end + 1);
      rest = rest.substring(many + MANY.length());
    }
    return path.append(rest).toString();
  }
}
