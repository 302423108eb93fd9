package dev.fanfare.dialect.fanfare;

import dev.fanfare.definition.Cron;
import dev.fanfare.definition.Nearest;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Trigger;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Triggers: a list of mappings with one key each, or one mapping with a key for each.
 *
 * <p>Short forms: {@code schedule: "0 3 * * *"}, {@code webhook: release}, {@code interval: 15m},
 * {@code event: order.paid}. A schedule is in UTC, skips a tick while the run before is active, and
 * catches up with one run, unless it says otherwise.
 */
final class TriggerParser {

  private static final List<String> KINDS = List.of("schedule", "webhook", "interval", "event");
  private static final Pattern PATH =
      Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*");

  /** Each start is a few rows of the database: what is wanted more often is no schedule. */
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  private final Values values;
  private final Names names;
  private final SchemaParser schemas;

  TriggerParser(Values values) {
    this.values = values;
    this.schemas = new SchemaParser(values);
    this.names = new Names(values.problems());
  }

  List<Trigger> triggers(YamlNode node) {
    List<Trigger> triggers = new ArrayList<>();
    for (YamlNode item : Values.oneOrMany(node)) {
      String hint = "such as - interval: 15m";
      Optional<Fields> fields = Fields.open(item, "a trigger", KINDS, hint, values);
      fields
          .filter(trigger -> trigger.map().entries().isEmpty())
          .ifPresent(trigger -> trigger.missing(String.join("' or '", KINDS), hint));
      for (Entry entry : fields.map(trigger -> trigger.map().entries()).orElse(List.of())) {
        trigger(entry).ifPresent(triggers::add);
      }
    }
    return triggers;
  }

  private Optional<Trigger> trigger(Entry entry) {
    return switch (entry.key()) {
      case "schedule" -> schedule(entry);
      case "webhook" -> webhook(entry);
      case "interval" -> interval(entry);
      case "event" -> event(entry);
      default -> Optional.empty();
    };
  }

  private Optional<Trigger> schedule(Entry entry) {
    YamlNode node = entry.value();
    if (node instanceof Scalar) {
      return cron(node)
          .map(
              cron ->
                  new Trigger.Schedule(
                      cron,
                      "UTC",
                      Trigger.Overlap.SKIP,
                      Trigger.CatchUp.ONE,
                      false,
                      Map.of(),
                      entry.keySpan()));
    }
    List<String> keys =
        List.of("cron", "timezone", "overlap", "catchUp", "skipIfSucceeded", "params");
    return Fields.open(node, "'schedule'", keys, "such as \"0 3 * * *\"", values)
        .flatMap(fields -> schedule(entry, fields));
  }

  private Optional<Trigger> schedule(Entry entry, Fields fields) {
    if (!fields.has("cron")) {
      fields.missing("cron", "such as \"0 3 * * *\"");
    }
    String zone = fields.node("timezone").flatMap(this::zone).orElse("UTC");
    Trigger.Overlap overlap =
        fields.choice("overlap", Trigger.Overlap.values(), Trigger.Overlap.SKIP);
    Trigger.CatchUp catchUp =
        fields.choice("catchUp", Trigger.CatchUp.values(), Trigger.CatchUp.ONE);
    boolean skip = fields.bool("skipIfSucceeded", false);
    return fields
        .node("cron")
        .flatMap(this::cron)
        .map(
            cron ->
                new Trigger.Schedule(
                    cron, zone, overlap, catchUp, skip, params(fields), entry.keySpan()));
  }

  /** Values by name; which names there are is known when the whole file is. */
  private Map<String, Template> params(Fields fields) {
    return fields.node("params").map(node -> values.values(node, "'params'")).orElse(Map.of());
  }

  private Optional<String> cron(YamlNode node) {
    Optional<String> cron = values.literal(node, "'cron'");
    Optional<String> problem =
        cron.map(text -> Cron.read(text).problem()).filter(why -> !why.isEmpty());
    problem.ifPresent(
        why ->
            values.badValue(
                node,
                "the schedule is no cron expression: " + why,
                "minute, hour, day of month, month, day of week, such as \"*/5 * * * *\""));
    return cron.map(String::strip);
  }

  private Optional<String> zone(YamlNode node) {
    Optional<String> zone = values.literal(node, "'timezone'");
    try {
      zone.ifPresent(ZoneId::of);
    } catch (DateTimeException unknown) {
      values.badValue(
          node,
          "there is no time zone '" + zone.orElse("") + "'",
          Nearest.to(zone.orElse(""), ZoneId.getAvailableZoneIds())
              .map(close -> "did you mean '" + close + "'?")
              .orElse("such as Europe/Berlin or UTC"));
    }
    return zone;
  }

  private Optional<Trigger> webhook(Entry entry) {
    YamlNode node = entry.value();
    if (node instanceof Scalar) {
      return path(node)
          .map(
              path ->
                  new Trigger.Webhook(
                      path,
                      Optional.empty(),
                      Optional.empty(),
                      Optional.empty(),
                      Optional.empty(),
                      Map.of(),
                      entry.keySpan()));
    }
    List<String> keys = List.of("path", "secret", "when", "idempotencyKey", "schema", "params");
    return Fields.open(node, "'webhook'", keys, "a path, or { path, secret, when }", values)
        .flatMap(
            fields -> {
              if (!fields.has("path")) {
                fields.missing("path", "the last part of the address to call");
              }
              Optional<String> secret = fields.literal("secret");
              secret.ifPresent(
                  name ->
                      names.field(
                          "a secret's name", name, fields.node("secret").orElseThrow().span()));
              return fields
                  .node("path")
                  .flatMap(this::path)
                  .map(
                      path ->
                          new Trigger.Webhook(
                              path,
                              secret,
                              fields.condition("when"),
                              fields.text("idempotencyKey"),
                              fields
                                  .node("schema")
                                  .flatMap(
                                      schema ->
                                          schemas.schema(schema, "a JSON Schema of the payload")),
                              params(fields),
                              entry.keySpan()));
            });
  }

  /** A relative path; a slash in front is dropped. */
  private Optional<String> path(YamlNode node) {
    Optional<String> path =
        values.literal(node, "'path'").map(p -> p.startsWith("/") ? p.substring(1) : p);
    if (path.isPresent() && !PATH.matcher(path.get()).matches()) {
      values.badValue(
          node,
          "'" + path.get() + "' is no path of a webhook",
          "parts of letters, digits, '.', '_' and '-', separated by '/'");
    }
    return path;
  }

  private Optional<Trigger> interval(Entry entry) {
    YamlNode node = entry.value();
    if (!(node instanceof Mapping)) {
      return values
          .duration(node, "'interval'")
          .flatMap(every -> interval(node, every, Map.of(), entry));
    }
    return Fields.open(node, "'interval'", List.of("every", "params"), "", values)
        .flatMap(
            fields -> {
              if (!fields.has("every")) {
                fields.missing("every", "such as 15m");
              }
              YamlNode written = fields.node("every").orElse(node);
              return fields
                  .duration("every")
                  .flatMap(every -> interval(written, every, params(fields), entry));
            });
  }

  private Optional<Trigger> interval(
      YamlNode node, Duration every, Map<String, Template> params, Entry entry) {
    if (every.compareTo(SHORTEST) < 0) {
      values.badValue(
          node,
          "an interval of less than a second",
          "a workflow that shall never pause is a loop inside one run");
      return Optional.empty();
    }
    return Optional.of(new Trigger.Interval(every, params, entry.keySpan()));
  }

  private Optional<Trigger> event(Entry entry) {
    YamlNode node = entry.value();
    if (node instanceof Scalar) {
      return values
          .literal(node, "'event'")
          .map(name -> new Trigger.OnEvent(name, Optional.empty(), Map.of(), entry.keySpan()));
    }
    return Fields.open(
            node, "'event'", List.of("name", "when", "params"), "a name, or { name, when }", values)
        .flatMap(
            fields -> {
              if (!fields.has("name")) {
                fields.missing("name", "the name somebody publishes");
              }
              return fields
                  .literal("name")
                  .map(
                      name ->
                          new Trigger.OnEvent(
                              name, fields.condition("when"), params(fields), entry.keySpan()));
            });
  }
}
