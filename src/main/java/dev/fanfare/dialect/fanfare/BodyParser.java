package dev.fanfare.dialect.fanfare;

import dev.fanfare.definition.Body;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;

/** The one key that says what a step does, and what it says. */
final class BodyParser {

  private final RunParser runs;
  private final HttpParser http;
  private final CallParser calls;
  private final WaitParser waits;
  private final GroupParser groups;
  private final RaceParser races;
  private final RepeatParser repeats;

  BodyParser(Values values, StepParser steps) {
    this.runs = new RunParser(values);
    this.http = new HttpParser(values);
    this.calls = new CallParser(values);
    this.waits = new WaitParser(values);
    this.groups = new GroupParser(values, steps);
    this.races = new RaceParser(values, steps);
    this.repeats = new RepeatParser(values, steps);
  }

  /**
   * The body under one of {@link StepKeys#BODIES}.
   *
   * @param step the step around it, for the keys beside it
   */
  Body body(Entry entry, Fields step) {
    YamlNode node = entry.value();
    return switch (entry.key()) {
      case "run" -> runs.run(node, step);
      case "http" -> http.http(node);
      case "lambda" -> calls.lambda(node, step);
      case "call" -> calls.call(node, step);
      case "workflow" -> calls.workflow(node, step);
      case "approval" -> waits.approval(node);
      case "waitFor" -> waits.waitFor(node);
      case "sleep" -> waits.sleep(node);
      case "pass" -> waits.pass(node, step);
      case "parallel" -> groups.parallel(node);
      case "sequence" -> groups.sequence(node);
      case "race" -> races.race(node);
      case "loop" -> repeats.loop(node, entry.keySpan());
      case "switch" -> repeats.choice(node, step, entry.keySpan());
      default -> throw new IllegalArgumentException("not a body: " + entry.key());
    };
  }
}
