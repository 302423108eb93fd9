package dev.fanfare.dialect.fanfare;

import dev.fanfare.definition.Template;
import dev.fanfare.definition.Work;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One HTTP request: a URL, or a mapping.
 *
 * <p>The method is GET, or POST where a body is given and no method. {@code expect} is a status or
 * a list; {@code 2xx} stands for a hundred of them.
 */
final class HttpParser {

  private static final List<String> KEYS =
      List.of("method", "url", "headers", "query", "body", "expect");
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
  private static final Pattern URL = Pattern.compile("(?i)https?://[^\\s/].*");

  /** RFC 9110, section 5.6.2. */
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  private final Values values;

  HttpParser(Values values) {
    this.values = values;
  }

  Work http(YamlNode node) {
    if (node instanceof Scalar) {
      return new Work.Http("GET", url(node), Map.of(), Map.of(), Optional.empty(), List.of());
    }
    return Fields.open(node, "'http'", KEYS, "a URL, or { method, url, ... }", values)
        .map(this::http)
        .orElseGet(() -> new Work.Pass(Optional.empty()));
  }

  private Work http(Fields fields) {
    if (!fields.has("url")) {
      fields.missing("url", "such as https://example.org/path");
    }
    Optional<Template> body = fields.node("body").map(values.templates()::value);
    return new Work.Http(
        method(fields, body.isPresent() ? "POST" : "GET"),
        fields.node("url").map(this::url).orElseGet(() -> Template.literal("")),
        fields.node("headers").map(this::headers).orElse(Map.of()),
        fields.node("query").map(this::query).orElse(Map.of()),
        body,
        fields.node("expect").map(this::expect).orElse(List.of()));
  }

  private Template url(YamlNode node) {
    Optional<Template> url = values.text(node, "'url'");
    if (url.isPresent()
        && url.get() instanceof Template.Literal literal
        && !URL.matcher(String.valueOf(literal.value())).matches()) {
      values.badValue(
          node,
          "'" + literal.value() + "' is no URL of a request",
          "write http:// or https://, a host and a path");
    }
    return url.orElseGet(() -> Template.literal(""));
  }

  private String method(Fields fields, String absent) {
    Optional<String> method = fields.literal("method").map(m -> m.toUpperCase(Locale.ROOT));
    if (method.isPresent() && !METHODS.contains(method.get())) {
      values.badValue(
          fields.node("method").orElseThrow(),
          "there is no method '" + method.get() + "'",
          Suggestion.forValue(method.get(), METHODS.stream().sorted().toList()));
    }
    return method.orElse(absent);
  }

  private Map<String, Template> headers(YamlNode node) {
    if (node instanceof Mapping map) {
      for (Entry entry : map.entries()) {
        if (!TOKEN.matcher(entry.key()).matches()) {
          values
              .problems()
              .error(
                  "bad-name",
                  "a header's name cannot be '" + entry.key() + "'",
                  entry.keySpan(),
                  "letters, digits and '-', such as Content-Type");
        }
      }
    }
    return values.texts(node, "'headers'");
  }

  /** Query parameters; a list repeats the parameter. */
  private Map<String, Template> query(YamlNode node) {
    Map<String, Template> query = new LinkedHashMap<>();
    for (Entry entry : values.entries(node, "'query'")) {
      String what = "'" + entry.key() + "' of 'query'";
      if (entry.value() instanceof Scalar scalar) {
        query.put(entry.key(), values.templates().text(scalar));
      } else if (entry.value() instanceof Mapping) {
        values.wrongType(entry.value(), what, "a text or a list of texts", "");
      } else {
        query.put(entry.key(), values.templates().value(entry.value()));
      }
    }
    return query;
  }

  private List<Integer> expect(YamlNode node) {
    Set<Integer> statuses = new LinkedHashSet<>();
    for (YamlNode item : Values.oneOrMany(node)) {
      statuses.addAll(HttpStatuses.of(item, "'expect'", values));
    }
    return List.copyOf(statuses);
  }
}
