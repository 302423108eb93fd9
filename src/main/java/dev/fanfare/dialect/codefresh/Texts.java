package dev.fanfare.dialect.codefresh;

import dev.fanfare.definition.Expr;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Template;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts with variables in them. */
final class Texts {

  /** A variable in a text; its name is what stands between the braces. */
  static final Pattern VARIABLE = Pattern.compile("\\$\\{\\{\\s*([^}]*?)\\s*}}");

  private final Variables variables;

  Texts(Variables variables) {
    this.variables = variables;
  }

  Template template(Scalar scalar, Place place) {
    return template(scalar.text(), scalar.span(), place);
  }

  /** A text: a literal where all of it is known, expressions for the rest. */
  Template template(String text, SourceSpan span, Place place) {
    List<Template> parts = new ArrayList<>();
    StringBuilder plain = new StringBuilder();
    Matcher variable = VARIABLE.matcher(text);
    int done = 0;
    while (variable.find()) {
      plain.append(text, done, variable.start());
      done = variable.end();
      String name = variable.group(1);
      Optional<String> fixed = variables.fixed(name, place);
      if (fixed.isPresent()) {
        plain.append(fixed.get());
        continue;
      }
      if (!plain.isEmpty()) {
        parts.add(new Template.Literal(plain.toString(), span));
        plain.setLength(0);
      }
      parts.add(new Template.Expression(new Expr(variables.text(name, place), span)));
    }
    plain.append(text, done, text.length());
    if (parts.isEmpty()) {
      return new Template.Literal(plain.toString(), span);
    }
    if (!plain.isEmpty()) {
      parts.add(new Template.Literal(plain.toString(), span));
    }
    return parts.size() == 1 ? parts.getFirst() : new Template.Text(parts, span);
  }

  /** CEL for a text. */
  String cel(String text, Place place) {
    List<String> parts = new ArrayList<>();
    Matcher variable = VARIABLE.matcher(text);
    int done = 0;
    while (variable.find()) {
      if (variable.start() > done) {
        parts.add(Cel.quote(text.substring(done, variable.start())));
      }
      parts.add(variables.text(variable.group(1), place));
      done = variable.end();
    }
    if (done < text.length() || parts.isEmpty()) {
      parts.add(Cel.quote(text.substring(done)));
    }
    return "(" + String.join(" + ", parts) + ")";
  }

  /** A value of any shape, each text in it with its variables. */
  Template value(YamlNode node, Place place) {
    return switch (node) {
      case Scalar scalar when scalar.value() instanceof String -> template(scalar, place);
      case Scalar scalar -> new Template.Literal(scalar.value(), scalar.span());
      case Sequence list ->
          new Template.Items(
              list.items().stream().map(item -> value(item, place)).toList(), list.span());
      case Mapping map -> {
        Map<String, Template> entries = new LinkedHashMap<>();
        map.entries().forEach(entry -> entries.put(entry.key(), value(entry.value(), place)));
        yield new Template.Entries(entries, map.span());
      }
    };
  }

  /**
   * A script.
   *
   * @param commands its text, with what is known of every run put in
   * @param texts what the run itself puts in
   */
  record Script(List<String> commands, Map<String, Template> texts) {}

  /** Commands as they are written, and what becomes of the variables in them. */
  Script script(List<Scalar> commands, Place place) {
    Map<String, Template> texts = new LinkedHashMap<>();
    List<String> lines = new ArrayList<>();
    for (Scalar command : commands) {
      StringBuilder line = new StringBuilder();
      Matcher variable = VARIABLE.matcher(command.text());
      while (variable.find()) {
        variable.appendReplacement(
            line, Matcher.quoteReplacement(inScript(variable, command.span(), place, texts)));
      }
      lines.add(variable.appendTail(line).toString());
    }
    return new Script(lines, texts);
  }

  private String inScript(
      Matcher variable, SourceSpan span, Place place, Map<String, Template> texts) {
    String name = variable.group(1);
    if (name.equals("CF_VOLUME_PATH")) {
      return "${{CF_VOLUME_PATH}}";
    }
    if (BuiltIns.OF_THE_SCRIPT.contains(name)) {
      return "${" + name + "}";
    }
    Optional<String> fixed = variables.fixed(name, place);
    if (fixed.isPresent()) {
      return fixed.get();
    }
    String cel = variables.orNull(name, place);
    if (!cel.equals("null")) {
      texts.put(variable.group(), new Template.Expression(new Expr(cel, span)));
    }
    return variable.group();
  }
}
