package dev.fanfare.dialect.flowtoy;

import dev.fanfare.definition.Template;
import dev.fanfare.definition.Work;
import dev.fanfare.dialect.Problems;
import dev.fanfare.dialect.flowtoy.jinja.Jinja;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** A step of a {@code rest} source: one request. */
final class RestBody {

  private static final Pattern URL = Pattern.compile("(?i)https?://[^\\s/].*");
  private static final Pattern METHOD = Pattern.compile("[A-Z]{1,20}");

  private final Texts texts;
  private final Problems problems;

  RestBody(Texts texts, Problems problems) {
    this.texts = texts;
    this.problems = problems;
  }

  Made of(FlowStep step, Source source, StepInput input) {
    Map<String, Template> headers = headers(source, input);
    String mode = mode(source, input);
    Optional<Template> body = Optional.empty();
    Map<String, Template> query = Map.of();
    if (mode.equals("body") && input.payload().isPresent()) {
      body = Optional.of(input.payload().template());
      headers.putIfAbsent("Content-Type", Template.literal("application/json"));
    } else if (mode.equals("parameter") && input.payload().isPresent()) {
      String name = source.scalar("param_name").map(Scalar::text).orElse("id");
      query = Map.of(name, input.payload().template());
    } else if (input.payload().isPresent()) {
      problems.warning(
          "input-unused",
          "nothing takes the input of the step '" + step.name() + "'",
          input.payload().span(),
          "say input_mode: parameter or body in the configuration of the source");
    }
    return Made.of(
        new Work.Http(
            method(source, input), url(step, source, input), headers, query, body, List.of()));
  }

  private static String mode(Source source, StepInput input) {
    return source
        .scalar("input_mode")
        .map(Scalar::text)
        .orElse(input.type().equals("filter") ? "body" : input.type());
  }

  private Template url(FlowStep step, Source source, StepInput input) {
    Optional<Scalar> url = input.scalar("url").or(() -> source.scalar("url"));
    if (url.isEmpty()) {
      problems.error(
          "missing-key",
          "the step '" + step.name() + "' has no URL",
          step.span(),
          "give url in the configuration of its source, or under 'input'");
      return Template.literal("");
    }
    if (Jinja.isPlain(url.get().text()) && !URL.matcher(url.get().text().strip()).matches()) {
      problems.error(
          "bad-value",
          "'" + url.get().text() + "' is no URL of a request",
          url.get().span(),
          "write http:// or https://, a host and a path");
    }
    return texts.text(url.get());
  }

  private String method(Source source, StepInput input) {
    Optional<Scalar> written = input.scalar("method").or(() -> source.scalar("method"));
    String method = written.map(m -> m.text().strip().toUpperCase(Locale.ROOT)).orElse("GET");
    if (!METHOD.matcher(method).matches()) {
      problems.error(
          "bad-value",
          "there is no method '" + method + "'",
          written.orElseThrow().span(),
          "write GET, POST, PUT, PATCH, DELETE or HEAD");
    }
    return method;
  }

  /** Those of the source, and those of the step, which win. */
  private Map<String, Template> headers(Source source, StepInput input) {
    Map<String, Template> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    source.get("headers").ifPresent(node -> add(node, headers));
    input.get("headers").ifPresent(node -> add(node, headers));
    return headers;
  }

  private void add(YamlNode node, Map<String, Template> headers) {
    if (node instanceof Mapping map) {
      for (Entry entry : map.entries()) {
        if (entry.value() instanceof Scalar value) {
          headers.put(entry.key(), texts.text(value));
        }
      }
    }
  }
}
