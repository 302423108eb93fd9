package dev.fanfare.dialect.codefresh;

import dev.fanfare.definition.Cron;
import dev.fanfare.definition.Expr;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Trigger;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What starts a pipeline: deliveries of a git host, and schedules. */
final class TriggerReader {

  /** The secret that deliveries are signed with; a server without it takes none. */
  private static final String SECRET = "CODEFRESH_HOOK_SECRET";

  /** How a choice of branches to leave out is written as a regular expression. */
  private static final Pattern ALL_BUT =
      Pattern.compile("/\\^\\(\\?!(.*)\\)(?:\\.\\*)?\\$?/([a-z]*)");

  private static final String BRANCH = "run.?branch.orValue(\"\")";
  private static final String DELIVERED = "run.?delivery.?event.orValue(\"\")";
  private static final String PUSH =
      DELIVERED + " in [\"push\", \"Push Hook\", \"Tag Push Hook\", \"repo:push\"]";
  private static final String REQUEST =
      "("
          + DELIVERED
          + " in [\"pull_request\", \"Merge Request Hook\"] || "
          + DELIVERED
          + ".startsWith(\"pullrequest:\"))";

  private final Section spec;
  private final Variables variables;
  private final Branches branches;
  private final String name;

  TriggerReader(Section spec, Variables variables, Branches branches, String name) {
    this.spec = spec;
    this.variables = variables;
    this.branches = branches;
    this.name = name;
  }

  List<Trigger> read() {
    List<Trigger> found = new ArrayList<>();
    List<String> conditions = new ArrayList<>();
    SourceSpan span = spec.keySpan("triggers");
    for (YamlNode item : spec.items("triggers")) {
      spec.section(item, "a trigger", "trigger")
          .ifPresent(trigger -> trigger(trigger, found, conditions));
    }
    for (YamlNode item : spec.items("cronTriggers")) {
      spec.section(item, "a trigger", "trigger").ifPresent(trigger -> schedule(trigger, found));
    }
    if (!conditions.isEmpty()) {
      // A git host sends everything to one address, so the triggers are one webhook.
      String when = String.join(" || ", conditions);
      found.add(
          new Trigger.Webhook(
              name,
              Optional.of(SECRET),
              Optional.of(new Template.Expression(new Expr(when, span))),
              Optional.empty(),
              Optional.empty(),
              Map.of(),
              span));
    }
    return found;
  }

  private void trigger(Section trigger, List<Trigger> found, List<String> conditions) {
    String type = trigger.text("type").orElse("git");
    if (type.equals("cron")) {
      schedule(trigger, found);
      return;
    }
    boolean disabled = trigger.flag("disabled").orElse(false);
    if (!type.equals("git")) {
      trigger.badValue(
          trigger.keySpan("type"), "a trigger cannot be of type '" + type + "'", "git or cron");
    }
    List<String> all = new ArrayList<>();
    List<String> events =
        trigger.texts("events").stream().map(TriggerReader::event).distinct().toList();
    all.add("(" + (events.isEmpty() ? PUSH : String.join(" || ", events)) + ")");
    trigger.text("branchRegexInput");
    branch(trigger, "branchRegex", BRANCH).ifPresent(all::add);
    branch(trigger, "pullRequestTargetBranchRegex", "event.?pull_request.?base.?ref.orValue(\"\")")
        .map(test -> "(!" + REQUEST + " || " + test + ")")
        .ifPresent(all::add);
    trigger
        .text("repo")
        .map(Cel::quote)
        .ifPresent(
            repo -> all.add("event.?repository.?full_name.orValue(" + repo + ") == " + repo));
    trigger.withoutEffect("variables", "branch", "expression");
    trigger.close();
    if (!disabled) {
      conditions.add("(" + String.join(" && ", all) + ")");
    }
  }

  /** CEL for an event as Codefresh names it. */
  private static String event(String event) {
    if (!event.startsWith("pullrequest")) {
      return switch (event) {
        case "push.heads" -> "(" + PUSH + " && " + BRANCH + " != \"\")";
        case "push.tags" -> "(" + PUSH + " && run.?tag.orValue(\"\") != \"\")";
        case "push.newBranch" -> "(" + PUSH + " && event.?created.orValue(false) == true)";
        case "push.deleteBranch" -> "(" + PUSH + " && event.?deleted.orValue(false) == true)";
        case "push" -> PUSH;
        default -> DELIVERED + " == " + Cel.quote(event.replaceFirst("\\..*", ""));
      };
    }
    if (!event.contains(".")) {
      return REQUEST;
    }
    String action =
        event
            .substring(event.indexOf('.') + 1)
            .replaceAll("([a-z])([A-Z])", "$1_$2")
            .toLowerCase(Locale.ROOT);
    String known = action.equals("push_commit") ? "synchronize" : action;
    return "(" + REQUEST + " && event.?action.orValue(\"\") == " + Cel.quote(known) + ")";
  }

  private Optional<String> branch(Section trigger, String key, String value) {
    Optional<YamlNode> node = trigger.node(key);
    if (node.isEmpty() || !(node.get() instanceof Scalar scalar)) {
      return Optional.empty();
    }
    Matcher allBut = ALL_BUT.matcher(scalar.text().strip());
    if (allBut.matches()) {
      JsRegex left = JsRegex.of("^(?:" + allBut.group(1) + ")", allBut.group(2));
      return Optional.of("!" + value + ".matches(" + Cel.quote(left.source()) + ")");
    }
    return branches.test(scalar, value, Place.of(null, Place.Moment.BEFORE));
  }

  private void schedule(Section trigger, List<Trigger> found) {
    trigger.text("type");
    boolean disabled = trigger.flag("disabled").orElse(false);
    Optional<YamlNode> written = trigger.node("expression");
    Map<String, Template> params = new LinkedHashMap<>();
    for (YamlNode item : trigger.items("variables")) {
      trigger.section(item, "a variable", "variable").ifPresent(each -> param(each, params));
    }
    trigger
        .text("branch")
        .ifPresent(
            branch -> {
              variables.mention("CF_BRANCH", trigger.keySpan("branch"));
              params.put("CF_BRANCH", new Template.Literal(branch, trigger.keySpan("branch")));
            });
    trigger.withoutEffect(
        "events", "branchRegex", "branchRegexInput", "repo", "pullRequestTargetBranchRegex");
    trigger.close();
    if (written.isEmpty() || !(written.get() instanceof Scalar scalar)) {
      trigger
          .problems()
          .error("missing-key", "the trigger has no 'expression'", trigger.span(), "0 3 * * 1-5");
      return;
    }
    String cron = fiveFields(scalar.text());
    Cron.Read read = Cron.read(cron);
    if (read.cron().isEmpty()) {
      trigger.badValue(
          scalar.span(),
          "'" + scalar.text() + "' is no schedule: " + read.problem(),
          "0 3 * * 1-5");
    } else if (!disabled) {
      found.add(
          new Trigger.Schedule(
              cron,
              "UTC",
              Trigger.Overlap.ALLOW,
              Trigger.CatchUp.NONE,
              false,
              params,
              scalar.span()));
    }
  }

  private void param(Section variable, Map<String, Template> params) {
    Optional<String> key = variable.text("key");
    Optional<String> value = variable.text("value");
    variable.withoutEffect("encrypted");
    variable.close();
    if (key.isPresent() && value.isPresent()) {
      variables.mention(key.get(), variable.span());
      params.put(key.get(), new Template.Literal(value.get(), variable.span()));
    }
  }

  /** A schedule with seconds in front, or with {@code ?}, as minutes and plain stars. */
  private static String fiveFields(String written) {
    List<String> fields = new ArrayList<>(List.of(written.strip().replace('?', '*').split("\\s+")));
    if (fields.size() == 6 && fields.getFirst().equals("0")) {
      fields.removeFirst();
    }
    return String.join(" ", fields);
  }
}
