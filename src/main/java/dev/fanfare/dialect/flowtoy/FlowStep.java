package dev.fanfare.dialect.flowtoy;

import dev.fanfare.definition.Output;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.dialect.flowtoy.jinja.Cel;
import dev.fanfare.dialect.key.Section;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The head of a step: what others may know of it before anybody knows what it does.
 *
 * @param name as it is written
 * @param id the step's name here
 * @param source empty where it is wrong
 * @param outputs by name
 * @param onError its own policy
 * @param dependsOn steps that are named, and where
 */
record FlowStep(
    String name,
    String id,
    Section section,
    Optional<Source> source,
    Map<String, Output> outputs,
    Optional<Policy> onError,
    Map<String, SourceSpan> dependsOn,
    SourceSpan span) {

  FlowStep {
    outputs = new LinkedHashMap<>(outputs);
    dependsOn = new LinkedHashMap<>(dependsOn);
  }

  /** CEL for the step. */
  String cel() {
    return Cel.member("steps", id);
  }

  boolean isEnv() {
    return source.filter(found -> found.provider() == Source.Provider.ENV).isPresent();
  }

  List<String> variables() {
    return source.map(Source::variables).orElse(List.of());
  }
}
