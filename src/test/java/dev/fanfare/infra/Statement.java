package dev.fanfare.infra;

import dev.fanfare.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A statement of a policy.
 *
 * @param conditions as they are written, JSON
 */
record Statement(boolean allows, List<String> actions, List<String> resources, String conditions) {

  static List<Statement> of(String policy) {
    try {
      Map<?, ?> document = (Map<?, ?>) Json.parse(policy);
      List<Statement> statements = new ArrayList<>();
      for (Object each : many(document.get("Statement"))) {
        Map<?, ?> statement = (Map<?, ?>) each;
        statements.add(
            new Statement(
                "Allow".equals(statement.get("Effect")),
                texts(statement.get("Action")),
                texts(statement.get("Resource")),
                statement.get("Condition") == null ? "" : Json.write(statement.get("Condition"))));
      }
      return statements;
    } catch (Json.JsonException e) {
      throw new IllegalArgumentException(policy, e);
    }
  }

  private static List<String> texts(@Nullable Object oneOrMany) {
    return many(oneOrMany).stream().map(String::valueOf).toList();
  }

  private static List<?> many(@Nullable Object oneOrMany) {
    if (oneOrMany == null) {
      return List.of();
    }
    return oneOrMany instanceof List<?> list ? list : List.of(oneOrMany);
  }
}
