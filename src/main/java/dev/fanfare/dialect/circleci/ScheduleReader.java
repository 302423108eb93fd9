package dev.fanfare.dialect.circleci;

import dev.fanfare.definition.Cron;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Trigger;
import dev.fanfare.dialect.circleci.Filter.Choice;
import dev.fanfare.dialect.circleci.Filter.Pattern;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Schedules of a workflow: what starts a run of it alone. */
final class ScheduleReader {

  /** The parameter by which a schedule says which workflow its run is for. */
  static final String PARAMETER = "scheduled-workflow";

  private final Fields fields;

  ScheduleReader(Fields fields) {
    this.fields = fields;
  }

  /**
   * What {@code triggers} of a workflow says.
   *
   * @param branch the first branch that is named as such, on which its runs are
   */
  record Schedules(List<Trigger> triggers, Optional<String> branch) {}

  Schedules read(Section workflow, String name, Scope scope) {
    List<Trigger> triggers = new ArrayList<>();
    List<String> branches = new ArrayList<>();
    for (YamlNode item : workflow.items("triggers")) {
      Optional<Section> trigger = workflow.section(item, "a trigger", "trigger");
      Optional<Section> schedule = trigger.flatMap(each -> each.section("schedule", "schedule"));
      schedule.ifPresent(each -> schedule(each, name, scope, triggers, branches));
      trigger.ifPresent(Section::close);
      if (trigger.isPresent() && schedule.isEmpty()) {
        fields.missing("a trigger", "schedule", item.span());
      }
    }
    return new Schedules(triggers, branches.stream().findFirst());
  }

  private void schedule(
      Section section, String name, Scope scope, List<Trigger> triggers, List<String> branches) {
    Optional<String> cron = fields.text(section, "cron", scope);
    Optional<Section> filters = section.section("filters", "filters");
    Optional<Choice> choice =
        filters.flatMap(each -> new FilterReader(fields).choice(each, "branches", scope));
    filters.ifPresent(Section::close);
    section.close();
    choice
        .flatMap(Choice::only)
        .ifPresent(
            only ->
                only.stream()
                    .map(Pattern::text)
                    .filter(text -> !text.startsWith("/"))
                    .forEach(branches::add));
    if (cron.isEmpty()) {
      fields.missing("a schedule", "cron", section.span());
      return;
    }
    Optional<String> wrong = complaint(cron.get());
    if (wrong.isPresent()) {
      section.badValue(
          section.keySpan("cron"), "'" + cron.get() + "' is no schedule: " + wrong.get(), "");
      return;
    }
    triggers.add(
        new Trigger.Schedule(
            cron.get().strip(),
            "UTC",
            Trigger.Overlap.ALLOW,
            Trigger.CatchUp.NONE,
            false,
            Map.of(PARAMETER, Template.literal(name)),
            section.span()));
  }

  private static Optional<String> complaint(String cron) {
    for (String field : List.of(cron.strip().split("\\s+"))) {
      if (field.contains("/")) {
        return Optional.of("CircleCI has no steps such as */5");
      }
      if (field.contains(",") && field.contains("-")) {
        return Optional.of("CircleCI has no ranges in lists");
      }
    }
    String problem = Cron.read(cron).problem();
    return problem.isEmpty() ? Optional.empty() : Optional.of(problem);
  }
}
