package dev.fanfare.dialect.fanfare;

import dev.fanfare.definition.Body;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.Structure.Race;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Work;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.util.List;
import java.util.Optional;

/** {@code race: {steps, win, losers, timeout, onTimeout}}. */
final class RaceParser {

  private static final List<String> KEYS =
      List.of("steps", "win", "losers", "timeout", "onTimeout");

  private final Values values;
  private final StepParser steps;

  RaceParser(Values values, StepParser steps) {
    this.values = values;
    this.steps = steps;
  }

  /** Which branch wins, and how many must. */
  private record Win(Race.Win by, int quorum) {
    static final Win SUCCESS = new Win(Race.Win.SUCCESS, 1);
  }

  Body race(YamlNode node) {
    String hint = "write { steps: { one: { http: ... }, two: { http: ... } } }";
    return Fields.open(node, "'race'", KEYS, hint, values)
        .map(this::race)
        .orElseGet(() -> new Work.Pass(Optional.empty()));
  }

  private Body race(Fields fields) {
    if (!fields.has("steps")) {
      fields.missing("steps", "a race needs branches");
    }
    List<Step> branches =
        fields
            .node("steps")
            .map(node -> steps.steps(node, "the branches of 'race'"))
            .orElse(List.of());
    Win win = fields.node("win").map(node -> win(node, branches.size())).orElse(Win.SUCCESS);
    if (fields.has("onTimeout") && !fields.has("timeout")) {
      fields.missing("timeout", "'onTimeout' needs a time to run out");
    }
    return new Race(
        branches,
        win.by(),
        win.quorum(),
        fields.choice("losers", Race.Losers.values(), Race.Losers.CANCEL),
        fields.duration("timeout"),
        fields.node("onTimeout").flatMap(this::onTimeout));
  }

  private Win win(YamlNode node, int branches) {
    if (node instanceof Mapping) {
      return Fields.open(node, "'win'", List.of("quorum"), "", values)
          .map(fields -> quorum(fields, branches))
          .orElse(Win.SUCCESS);
    }
    Race.Win[] words = {Race.Win.SUCCESS, Race.Win.SETTLED};
    return Fields.choice(node, "'win'", words, values)
        .map(by -> new Win(by, 1))
        .orElse(Win.SUCCESS);
  }

  private Win quorum(Fields fields, int branches) {
    if (!fields.has("quorum")) {
      fields.missing("quorum", "such as { quorum: 2 }");
    }
    int quorum = fields.integer("quorum", 1, Integer.MAX_VALUE, 1);
    if (branches > 0 && quorum > branches) {
      values.badValue(
          fields.node("quorum").orElseThrow(),
          "a quorum of " + quorum + " can never be reached by " + branches + " branches",
          "at most " + branches);
    }
    return new Win(Race.Win.QUORUM, quorum);
  }

  private Optional<Template> onTimeout(YamlNode node) {
    if (node instanceof Scalar scalar && scalar.text().equals("fail")) {
      return Optional.empty();
    }
    if (!(node instanceof Mapping)) {
      values.wrongType(node, "'onTimeout'", "'fail' or { output: ... }", "");
      return Optional.empty();
    }
    return Fields.open(node, "'onTimeout'", List.of("output"), "", values)
        .flatMap(
            fields -> {
              if (!fields.has("output")) {
                fields.missing("output", "what the race yields when its time is up");
              }
              return fields.value("output");
            });
  }
}
