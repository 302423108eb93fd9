package dev.fanfare.dialect.dagu;

import dev.fanfare.dialect.Problems;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How a file's keys are written, which says what its {@code run} means: a sub-workflow where they
 * are in camelCase, a shell command where they are in snake_case.
 */
enum Age {
  OLD,
  NEW;

  /** What is below these keys is named by people. */
  private static final Set<String> FREE =
      Set.of("env", "params", "config", "with", "headers", "labels", "tags", "consts", "query");

  /** Keys without an underscore that only the new way has. */
  private static final Set<String> NEW_ONLY =
      Set.of("action", "with", "foreach", "consts", "defaults", "outputs", "exec", "actions");

  private static final Set<String> OLD_WORK = Set.of("command", "script", "executor", "call");

  /** The age of a file; a mixture of both ways is reported once. */
  static Age of(List<YamlNode> documents, Problems problems) {
    List<Entry> entries = documents.stream().flatMap(Age::entries).toList();
    Optional<Entry> camel = first(entries, key -> isCamel(key));
    Optional<Entry> snake = first(entries, Age::isNew);
    if (camel.isPresent() && snake.isPresent()) {
      problems.warning(
          "dagu-mixed-keys",
          "'"
              + snake.get().key()
              + "' is written the new way and '"
              + camel.get().key()
              + "' the old one: the file is read as an old one, where 'run' names a sub-DAG",
          snake.get().keySpan(),
          "write all keys in one of the two ways");
    }
    if (camel.isPresent()) {
      return OLD;
    }
    return snake.isEmpty() && documents.stream().anyMatch(Age::looksOld) ? OLD : NEW;
  }

  private interface Test {
    boolean holds(String key);
  }

  private static Optional<Entry> first(List<Entry> entries, Test test) {
    return entries.stream().filter(entry -> test.holds(entry.key())).findFirst();
  }

  private static boolean isCamel(String key) {
    return DaguKeys.CAMEL.contains(key);
  }

  private static boolean isNew(String key) {
    return DaguKeys.SNAKE.contains(key) || NEW_ONLY.contains(key);
  }

  private static Stream<Entry> entries(YamlNode node) {
    return switch (node) {
      case Mapping map ->
          map.entries().stream()
              .flatMap(
                  entry ->
                      FREE.contains(entry.key())
                          ? Stream.of(entry)
                          : Stream.concat(Stream.of(entry), entries(entry.value())));
      case Sequence list -> list.items().stream().flatMap(Age::entries);
      case Scalar ignored -> Stream.empty();
    };
  }

  /** Without a key that tells: {@code command} beside it, parameters, or the name of a file. */
  private static boolean looksOld(YamlNode document) {
    return steps(document).stream()
        .anyMatch(
            step ->
                OLD_WORK.stream().anyMatch(step::has)
                    || (step.has("run") && (step.has("params") || step.has("parallel")))
                    || step.get("run").filter(Age::isFile).isPresent());
  }

  private static boolean isFile(YamlNode run) {
    return run instanceof Scalar scalar && scalar.text().strip().matches("\\S+\\.ya?ml");
  }

  private static List<Mapping> steps(YamlNode document) {
    YamlNode steps = document instanceof Mapping map ? map.get("steps").orElse(document) : document;
    List<Mapping> found = new ArrayList<>();
    collect(steps, found);
    return found;
  }

  private static void collect(YamlNode steps, List<Mapping> found) {
    switch (steps) {
      case Sequence list ->
          list.items()
              .forEach(
                  item -> {
                    if (item instanceof Mapping step) {
                      found.add(step);
                    } else {
                      collect(item, found);
                    }
                  });
      case Mapping map ->
          map.entries()
              .forEach(
                  entry -> {
                    if (entry.value() instanceof Mapping step) {
                      found.add(step);
                    }
                  });
      case Scalar ignored -> {}
    }
  }
}
