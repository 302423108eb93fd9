package dev.fanfare.dialect.dagu;

import dev.fanfare.definition.DurationText;
import dev.fanfare.definition.OnFailure;
import dev.fanfare.definition.Retry;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.StepDraft;
import dev.fanfare.definition.Structure;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Timeouts;
import dev.fanfare.definition.Work;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Steps that no script does. */
final class Bodies {

  private final Place place;
  private final Scope scope;

  Bodies(Place place, Scope scope) {
    this.place = place;
    this.scope = scope;
  }

  StepDraft step(Draft draft, Fields fields, Kinds.Action action) {
    return switch (action.type()) {
      case "http.request" -> http(draft, fields, action);
      case "human.task" -> human(draft, fields, action);
      case "router.route" -> value(draft, router(fields, action));
      case "outputs.write" -> value(draft, outputs(fields, action));
      case "noop" -> value(draft, "null");
      case "wait.duration" -> sleep(draft, fields, action);
      case "wait.http" -> waitForHttp(draft, fields, action);
      default -> bean(draft, fields, action);
    };
  }

  private static StepDraft value(Draft draft, String source) {
    Template output = Cel.template(source, draft.span);
    return StepDraft.of(draft.name, new Work.Pass(Optional.of(output)), draft.span);
  }

  private Optional<Fields> config(Fields fields, Kinds.Action action, String section) {
    return action.config().flatMap(with -> fields.section(with, "'with'", section));
  }

  private StepDraft http(Draft draft, Fields fields, Kinds.Action action) {
    Optional<Fields> config = config(fields, action, "http");
    String[] line = fields.text("command").orElse("").strip().split("\\s+", 2);
    String method =
        config.flatMap(with -> with.text("method")).orElse(line.length > 1 ? line[0] : "GET");
    String url = config.flatMap(with -> with.text("url")).orElse(line[line.length - 1]);
    if (url.isBlank()) {
      fields.badValue(fields.span(), "the request has no address", "add 'url'");
    }
    Optional<Template> body =
        config
            .flatMap(with -> with.free("body"))
            .or(() -> fields.node("script"))
            .map(node -> body(node));
    Map<String, Template> headers = texts(config, "headers");
    Map<String, Template> query = texts(config, "query");
    Optional<Duration> timeout = config.flatMap(with -> with.seconds("timeout"));
    config.ifPresent(Fields::close);
    Work.Http http =
        new Work.Http(
            method, Words.template(url, scope, draft.span), headers, query, body, List.of());
    StepDraft step = StepDraft.of(draft.name, http, draft.span);
    return timeout
        .map(
            limit ->
                step.timeouts(
                    new Timeouts(
                        Optional.of(limit), Optional.empty(), Optional.empty(), Optional.empty())))
        .orElse(step);
  }

  private Template body(YamlNode node) {
    return node instanceof Scalar scalar
        ? Words.template(scalar.text(), scope, scalar.span())
        : Cel.template(Json.expression(node, scope), node.span());
  }

  private Map<String, Template> texts(Optional<Fields> config, String key) {
    Map<String, Template> texts = new LinkedHashMap<>();
    config
        .flatMap(with -> with.free(key))
        .ifPresent(
            node -> {
              if (node instanceof Mapping map) {
                for (Entry entry : map.entries()) {
                  texts.put(
                      entry.key(),
                      Words.template(Scripts.text(entry.value()), scope, entry.keySpan()));
                }
              } else {
                config.get().wrongType(node, "'" + key + "'", "a mapping");
              }
            });
    return texts;
  }

  private StepDraft human(Draft draft, Fields fields, Kinds.Action action) {
    Optional<Fields> config = config(fields, action, "human");
    String prompt = config.flatMap(with -> with.text("prompt")).orElse(draft.name);
    Optional<Object> form =
        config.flatMap(with -> with.free("form")).map(Json::java).map(Bodies::object);
    config.ifPresent(Fields::close);
    return StepDraft.of(draft.name, approval(prompt, form, draft.span), draft.span);
  }

  private static Object object(@Nullable Object form) {
    if (form instanceof Map<?, ?> map && !map.containsKey("type")) {
      Map<String, @Nullable Object> typed = new LinkedHashMap<>();
      typed.put("type", "object");
      map.forEach((key, value) -> typed.put(String.valueOf(key), value));
      return typed;
    }
    return form == null ? Map.of() : form;
  }

  private Work.Approval approval(String prompt, Optional<Object> form, SourceSpan span) {
    return new Work.Approval(
        Words.template(prompt, scope, span), Optional.empty(), Work.Approval.OnTimeout.DENY, form);
  }

  /** {@code approval} of a step, which comes after its work. */
  Work.Approval approval(Draft draft, Fields fields) {
    Optional<Fields> written = fields.section("approval", "approval");
    String prompt =
        written.flatMap(with -> with.text("prompt")).orElse("Go on after " + draft.name + "?");
    List<String> input = written.map(with -> with.texts("input")).orElse(List.of());
    List<String> required = written.map(with -> with.texts("required")).orElse(List.of());
    written.ifPresent(Fields::close);
    Optional<Object> form = Optional.empty();
    if (!input.isEmpty()) {
      Map<String, Object> properties = new LinkedHashMap<>();
      input.forEach(name -> properties.put(name, Map.of("type", "string")));
      Map<String, Object> schema = new LinkedHashMap<>();
      schema.put("type", "object");
      schema.put("properties", properties);
      schema.put("required", List.copyOf(required));
      form = Optional.of(schema);
    }
    return approval(prompt, form, draft.span);
  }

  private String router(Fields fields, Kinds.Action action) {
    Optional<Fields> config = config(fields, action, "router");
    String value =
        config.flatMap(with -> with.text("value")).or(() -> fields.text("value")).orElse("");
    config.ifPresent(
        with -> {
          with.free("routes");
          with.close();
        });
    return Words.text(value, scope);
  }

  private String outputs(Fields fields, Kinds.Action action) {
    Optional<Fields> config = config(fields, action, "write_outputs");
    Optional<YamlNode> values = config.flatMap(with -> with.free("values"));
    config.ifPresent(Fields::close);
    return values.map(node -> Json.expression(node, scope)).orElse("{}");
  }

  private StepDraft sleep(Draft draft, Fields fields, Kinds.Action action) {
    Optional<Fields> config = config(fields, action, "wait");
    String duration = config.flatMap(with -> with.text("duration")).orElse("");
    config.ifPresent(Fields::close);
    if (Texts.references(duration).isEmpty() && DurationText.parse(duration).isEmpty()) {
      fields.badValue(draft.span, "'" + duration + "' is no duration", "write 30s or 5m");
    }
    Template time = Words.template(duration, scope, draft.span);
    return StepDraft.of(draft.name, new Work.Sleep(time), draft.span);
  }

  private StepDraft waitForHttp(Draft draft, Fields fields, Kinds.Action action) {
    Optional<Fields> config = config(fields, action, "wait");
    String method = config.flatMap(with -> with.text("method")).orElse("GET");
    String url = config.flatMap(with -> with.text("url")).orElse("");
    int status = config.flatMap(with -> with.integer("status", 100, 599)).orElse(200);
    Optional<Template> body = config.flatMap(with -> with.free("body")).map(this::body);
    Map<String, Template> headers = texts(config, "headers");
    Duration pause =
        config
            .flatMap(with -> with.text("poll_interval"))
            .flatMap(DurationText::parse)
            .orElse(Duration.ofSeconds(1));
    config.ifPresent(Fields::close);
    SourceSpan span = draft.span;
    Work.Http request =
        new Work.Http(
            method, Words.template(url, scope, span), headers, Map.of(), body, List.of(status));
    String asked = draft.inner("request");
    OnFailure again =
        new OnFailure(
            true,
            Optional.empty(),
            Optional.of(Cel.template("\"unmet\"", span)),
            Optional.of(dev.fanfare.definition.StepStatus.SUCCEEDED),
            false,
            span);
    Structure loop =
        new Structure.Loop(
            List.of(StepDraft.of(asked, request, span).onFailure(again).step()),
            Optional.empty(),
            Optional.of(Cel.template(Cel.step(asked) + ".output != \"unmet\"", span)),
            1_000_000,
            Optional.of(pause),
            Retry.Backoff.FIXED,
            Retry.NONE.factor(),
            Optional.empty(),
            span);
    return StepDraft.of(draft.name, loop, span);
  }

  /** What has no equal becomes a call of a step bean, which the user supplies. */
  private StepDraft bean(Draft draft, Fields fields, Kinds.Action action) {
    String bean = "dagu." + action.type();
    place.problems.warning(
        "dagu-needs-bean",
        "'"
            + draft.name
            + "' is a step of the kind '"
            + action.type()
            + "', which Fanfare does not have",
        draft.span,
        "supply a step bean named '" + bean + "'; its input is the configuration of the step");
    Map<String, Template> input = new LinkedHashMap<>();
    for (String key : new String[] {"command", "script", "llm", "messages", "tools"}) {
      fields.free(key).ifPresent(node -> input.put(key, body(node)));
    }
    action
        .config()
        .ifPresent(
            node -> {
              fields.section().ledger().settleAll(node);
              input.put("with", Cel.template(Json.expression(node, scope), node.span()));
            });
    Work.Call call = new Work.Call(bean, new Template.Entries(input, draft.span));
    return StepDraft.of(draft.name, call, draft.span);
  }
}
