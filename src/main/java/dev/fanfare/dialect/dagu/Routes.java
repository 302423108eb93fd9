package dev.fanfare.dialect.dagu;

import dev.fanfare.definition.SourceSpan;
import dev.fanfare.dialect.Problems;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The routes of routers, as conditions of the steps that they lead to. */
final class Routes {

  private final Problems problems;
  private final Map<String, Draft> byName;

  Routes(Problems problems, Map<String, Draft> byName) {
    this.problems = problems;
    this.byName = byName;
  }

  void apply(List<Draft> drafts) {
    for (Draft router : drafts) {
      router
          .fields
          .flatMap(Kinds::routes)
          .ifPresent(
              routes -> {
                if (routes instanceof Mapping map) {
                  routes(router, map);
                } else {
                  router.fields.get().wrongType(routes, "'routes'", "a mapping");
                }
              });
    }
  }

  private void routes(Draft router, Mapping routes) {
    Map<Draft, List<String>> targets = new LinkedHashMap<>();
    for (Entry route : routes.entries()) {
      for (YamlNode target : Section.oneOrMany(route.value())) {
        Draft step = target instanceof YamlNode.Scalar scalar ? byName.get(scalar.text()) : null;
        if (step == null) {
          problems.error(
              "unknown-dependency",
              "a route leads to " + Section.describe(target) + ", and no step has that name",
              target.span(),
              "name a step of this file");
        } else if (targets.containsKey(step)) {
          twice(step, target.span());
        } else {
          targets.computeIfAbsent(step, ignored -> new ArrayList<>()).add(route.key());
          step.needs.putIfAbsent(router, target.span());
        }
      }
    }
    targets.forEach(
        (step, patterns) -> {
          if (!step.routes.isEmpty()) {
            twice(step, step.span);
          }
          step.routes.put(router, patterns);
        });
  }

  private void twice(Draft step, SourceSpan span) {
    problems.error(
        "bad-value",
        "two routes lead to '" + step.name + "'",
        span,
        "a step is the target of one route; write one pattern for both: re:^(a|b)$");
  }
}
