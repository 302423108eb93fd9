package dev.fanfare.dialect.fanfare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The guide shows every construct in a file that a test runs. */
class ShownInTheGuideTest {

  private static final Pattern RUNNABLE =
      Pattern.compile(
          "<!-- (?:warns: \\S+ -->\\s*<!-- )?runnable: [^>]*-->\\s*```yaml\\n(.*?)```",
          Pattern.DOTALL);

  /** Keys inside the value of another one, as {@code loop.until}. */
  private static final List<String> INSIDE =
      List.of(
          "parallel.steps",
          "parallel.maxParallel",
          "parallel.timeout",
          "parallel.success",
          "race.win",
          "race.losers",
          "race.timeout",
          "race.onTimeout",
          "loop.while",
          "loop.until",
          "loop.limit",
          "loop.delay",
          "loop.backoff",
          "loop.steps",
          "retry.attempts",
          "retry.delay",
          "retry.backoff",
          "retry.on",
          "timeout.attempt",
          "timeout.total",
          "timeout.queue",
          "timeout.heartbeat",
          "onFailure.tolerate",
          "onFailure.when",
          "onFailure.output",
          "onFailure.status",
          "cache.key",
          "cache.ttl",
          "breaker.name",
          "breaker.threshold",
          "breaker.recovery",
          "hooks.before",
          "hooks.onSuccess",
          "hooks.onFailure",
          "hooks.onCancel",
          "hooks.always",
          "approval.message",
          "approval.timeout",
          "approval.onTimeout",
          "approval.schema",
          "waitFor.event",
          "waitFor.match",
          "waitFor.callback",
          "waitFor.timeout",
          "http.method",
          "http.url",
          "http.headers",
          "http.query",
          "http.body",
          "http.expect",
          "schedule.cron",
          "schedule.timezone",
          "schedule.overlap",
          "schedule.catchUp",
          "schedule.skipIfSucceeded",
          "webhook.path",
          "webhook.secret",
          "webhook.when",
          "event.name",
          "event.when",
          "concurrency.key",
          "concurrency.limit",
          "concurrency.policy",
          "concurrency.priority",
          "concurrency.waitMax");

  @Test
  void every_key_of_the_language_stands_in_a_file_that_is_run() throws IOException {
    Set<String> shown = new TreeSet<>();
    String guide = Files.readString(Path.of("docs", "language.md"));
    for (MatchResult block : RUNNABLE.matcher(guide).results().toList()) {
      YamlReader.read(block.group(1).getBytes(StandardCharsets.UTF_8))
          .root()
          .ifPresent(root -> collect("", root, shown));
    }
    List<String> missing = new ArrayList<>();
    List<String> all = new ArrayList<>(WorkflowParser.KEYS);
    all.addAll(StepKeys.ALL);
    all.addAll(INSIDE);
    for (String key : all) {
      if (!shown.contains(key)) {
        missing.add(key);
      }
    }
    assertEquals(List.of(), missing, "keys that no runnable file of docs/language.md has");
  }

  private static void collect(String around, YamlNode node, Set<String> shown) {
    switch (node) {
      case YamlNode.Mapping map ->
          map.entries()
              .forEach(
                  entry -> {
                    shown.add(entry.key());
                    shown.add(around + "." + entry.key());
                    collect(entry.key(), entry.value(), shown);
                  });
      case YamlNode.Sequence list -> list.items().forEach(item -> collect(around, item, shown));
      case YamlNode.Scalar ignored -> {}
    }
  }
}
