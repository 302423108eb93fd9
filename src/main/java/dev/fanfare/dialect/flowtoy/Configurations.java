package dev.fanfare.dialect.flowtoy;

import dev.fanfare.dialect.Problems;
import dev.fanfare.dialect.key.Ledger;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Whether the configuration of a source is one: its keys, and what kind of values they have. */
final class Configurations {

  /** RFC 9110, section 5.6.2. */
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");

  private Configurations() {}

  static void check(Ledger ledger, Source source, Mapping map) {
    switch (source.provider()) {
      case REST -> rest(ledger.open("rest", map));
      case PROCESS -> process(ledger.open("process", map));
      case ENV -> env(ledger.open("env", map));
      case PLUGIN -> plugin(ledger.open("plugin", map));
    }
  }

  private static void rest(Section section) {
    section.text("url");
    section.text("method");
    section.free("headers").ifPresent(node -> headers(section, node));
    choice(section, "input_mode", Set.of("parameter", "body"));
    section.text("param_name");
    section.close();
  }

  /** Headers, in a source or in an input. */
  static void headers(Section section, YamlNode node) {
    if (!(node instanceof Mapping map)) {
      section.wrongType(node, "'headers'", "a mapping");
      return;
    }
    Problems problems = section.problems();
    for (Entry entry : map.entries()) {
      if (!TOKEN.matcher(entry.key()).matches()) {
        problems.error(
            "bad-name",
            "a header's name cannot be '" + entry.key() + "'",
            entry.keySpan(),
            "letters, digits and '-', such as Content-Type");
      }
      if (!(entry.value() instanceof Scalar)) {
        section.wrongType(entry.value(), "the header '" + entry.key() + "'", "a text");
      }
    }
  }

  private static void process(Section section) {
    section.node("command").ifPresent(node -> command(section, node));
    choice(section, "pass_to", Set.of("arg", "stdin", "template"));
    Optional<Double> timeout = section.number("timeout", 0, 1e9);
    if (timeout.isPresent() && timeout.get() <= 0) {
      section.badValue(section.keySpan("timeout"), "'timeout' must be more than 0 seconds", "");
    }
    section.close();
  }

  /** A command, in a source or in an input: a text, or a list of texts. */
  static void command(Section section, YamlNode node) {
    boolean empty = Section.oneOrMany(node).isEmpty();
    for (YamlNode item : Section.oneOrMany(node)) {
      if (!(item instanceof Scalar scalar) || scalar.isNull()) {
        section.wrongType(item, "'command'", "a text or a list of texts");
      } else if (scalar.text().indexOf('\0') >= 0) {
        section.badValue(item.span(), "a command cannot hold a NUL character", "");
      } else if (scalar.text().isBlank() && !(node instanceof YamlNode.Sequence)) {
        empty = true;
      }
    }
    if (empty) {
      section.badValue(node.span(), "'command' names no program", "write [\"python\", \"x.py\"]");
    }
  }

  private static void env(Section section) {
    for (YamlNode item : section.node("vars").map(Section::oneOrMany).orElse(java.util.List.of())) {
      Optional<String> name = section.text(item, "'vars'");
      if (name.isPresent() && !VARIABLE.matcher(name.get()).matches()) {
        section
            .problems()
            .error(
                "bad-name",
                "an environment variable's name cannot be '" + name.get() + "'",
                item.span(),
                "letters, digits and '_', beginning with a letter or '_'");
      }
    }
    section.close();
  }

  private static void plugin(Section section) {
    for (Entry entry : section.entries()) {
      section.ledger().settleAll(section.read(entry));
    }
    section.close();
  }

  private static void choice(Section section, String key, Set<String> words) {
    Optional<String> word = section.text(key);
    if (word.isPresent() && !words.contains(word.get())) {
      section.badValue(
          section.keySpan(key),
          "'" + key + "' cannot be '" + word.get() + "'",
          "it is one of " + String.join(", ", words.stream().sorted().toList()));
    }
  }
}
