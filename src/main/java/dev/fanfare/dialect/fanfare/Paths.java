package dev.fanfare.dialect.fanfare;

import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.util.Arrays;

/** Paths in the workspace: relative, and never out of it. */
final class Paths {

  private Paths() {}

  /** Reports a relative path that leaves the workspace; one from the root, or from home, may be. */
  static void checkFolder(YamlNode node, String what, Values values) {
    if (!(node instanceof Scalar scalar && isRooted(scalar.text()))) {
      checkInside(node, what, values);
    }
  }

  private static boolean isRooted(String path) {
    return path.startsWith("/") || path.equals("~") || path.startsWith("~/");
  }

  /**
   * Reports a literal path that leaves the workspace; a computed one is checked when it is known.
   */
  static void checkInside(YamlNode node, String what, Values values) {
    if (!(node instanceof Scalar scalar) || Values.hasExpression(scalar)) {
      return;
    }
    String path = scalar.text().replace('\\', '/');
    boolean rooted = path.startsWith("/") || path.startsWith("~") || path.matches("[A-Za-z]:.*");
    if (rooted || Arrays.asList(path.split("/")).contains("..")) {
      values
          .problems()
          .error(
              "bad-path",
              what + " must stay in the workspace: '" + scalar.text() + "'",
              scalar.span(),
              "write a path relative to the run's workspace, without '..'");
    }
  }
}
