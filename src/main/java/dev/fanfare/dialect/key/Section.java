package dev.fanfare.dialect.key;

import dev.fanfare.definition.SourceSpan;
import dev.fanfare.dialect.Problems;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A mapping of a foreign file that is being read. Each key that is asked for is accounted for; what
 * was not asked for is reported when the section is closed.
 *
 * <p>A value of a wrong type is reported and empty. A key whose value is nothing counts as absent.
 */
public final class Section {

  private final Ledger ledger;
  private final String name;
  private final Mapping map;

  Section(Ledger ledger, String name, Mapping map) {
    this.ledger = ledger;
    this.name = name;
    this.map = map;
  }

  public String name() {
    return name;
  }

  public SourceSpan span() {
    return map.span();
  }

  public Ledger ledger() {
    return ledger;
  }

  public Problems problems() {
    return ledger.problems();
  }

  /** Whether a key is written, also with nothing behind it. Does not read it. */
  public boolean has(String key) {
    return map.has(key);
  }

  /** The entries as written. Reads none of them. */
  public List<Entry> entries() {
    return map.entries();
  }

  public SourceSpan keySpan(String key) {
    return map.entry(key).map(Entry::keySpan).orElse(map.span());
  }

  /** Reads a key. Empty where it is absent or its value is nothing. */
  public Optional<YamlNode> node(String key) {
    Optional<Entry> entry = map.entry(key);
    entry.ifPresent(found -> ledger.read(name, found));
    return entry.map(Entry::value).filter(value -> !isNull(value));
  }

  /** Reads an entry of {@link #entries()}, for mappings whose keys are names. */
  public YamlNode read(Entry entry) {
    ledger.read(name, entry);
    return entry.value();
  }

  /** Reads a key whose value is free: everything below it is accounted for. */
  public Optional<YamlNode> free(String key) {
    Optional<YamlNode> value = node(key);
    value.ifPresent(ledger::settleAll);
    return value;
  }

  /** A text; a number or a boolean counts as its characters. */
  public Optional<String> text(String key) {
    return node(key).flatMap(value -> text(value, quoted(key)));
  }

  public Optional<String> text(YamlNode value, String what) {
    if (value instanceof Scalar scalar && !scalar.isNull()) {
      return Optional.of(scalar.text());
    }
    wrongType(value, what, "a text");
    return Optional.empty();
  }

  /** One text or a list of texts. */
  public List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    for (YamlNode item : node(key).map(Section::oneOrMany).orElse(List.of())) {
      text(item, quoted(key)).ifPresent(texts::add);
    }
    return texts;
  }

  public Optional<Boolean> flag(String key) {
    return node(key)
        .flatMap(
            value -> {
              if (value instanceof Scalar scalar && scalar.value() instanceof Boolean flag) {
                return Optional.of(flag);
              }
              wrongType(value, quoted(key), "true or false");
              return Optional.empty();
            });
  }

  /** A whole number within bounds. */
  public Optional<Integer> integer(String key, int min, int max) {
    Optional<Double> number = number(key, min, max);
    if (number.isPresent() && number.get() != Math.rint(number.get())) {
      badValue(keySpan(key), quoted(key) + " must be a whole number, found " + number.get(), "");
      return Optional.empty();
    }
    return number.map(Double::intValue);
  }

  /** A number within bounds, also one in quotes. */
  public Optional<Double> number(String key, double min, double max) {
    Optional<YamlNode> value = node(key);
    Optional<Double> number = value.flatMap(Section::number);
    if (value.isPresent() && number.isEmpty()) {
      wrongType(value.get(), quoted(key), "a number");
    } else if (number.isPresent() && (number.get() < min || number.get() > max)) {
      String range = plain(min) + (max >= Integer.MAX_VALUE ? " or more" : " to " + plain(max));
      badValue(
          value.get().span(),
          quoted(key) + " must be " + range + ", found " + plain(number.get()),
          "");
      return Optional.empty();
    }
    return number;
  }

  private static Optional<Double> number(YamlNode value) {
    try {
      return value instanceof Scalar scalar && !scalar.isNull()
          ? Optional.of(Double.valueOf(scalar.text().strip())).filter(Double::isFinite)
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }

  /** A mapping, opened as a section of the table. */
  public Optional<Section> section(String key, String section) {
    return node(key).flatMap(value -> section(value, quoted(key), section));
  }

  public Optional<Section> section(YamlNode value, String what, String section) {
    if (value instanceof Mapping inner) {
      return Optional.of(ledger.open(section, inner));
    }
    wrongType(value, what, "a mapping");
    return Optional.empty();
  }

  /** The items of a list; another value is reported, nothing is an empty list. */
  public List<YamlNode> items(String key) {
    Optional<YamlNode> value = node(key);
    if (value.isPresent() && !(value.get() instanceof Sequence)) {
      wrongType(value.get(), quoted(key), "a list");
    }
    return value.orElse(null) instanceof Sequence list ? list.items() : List.of();
  }

  /** The items of a list, any other value as the only item. */
  public static List<YamlNode> oneOrMany(YamlNode value) {
    return value instanceof Sequence list ? list.items() : List.of(value);
  }

  public static boolean isNull(YamlNode value) {
    return value instanceof Scalar scalar && scalar.isNull();
  }

  public void wrongType(YamlNode value, String what, String expected) {
    ledger.settleAll(value);
    problems()
        .error(
            "wrong-type",
            what + " must be " + expected + ", found " + describe(value),
            value.span(),
            "");
  }

  public void badValue(SourceSpan span, String message, String hint) {
    problems().error("bad-value", message, span, hint);
  }

  /** What a person sees of a value in a message. */
  public static String describe(YamlNode value) {
    return switch (value) {
      case Sequence ignored -> "a list";
      case Mapping ignored -> "a mapping";
      case Scalar scalar when scalar.isNull() -> "nothing";
      case Scalar scalar -> {
        String line = scalar.text().strip().lines().findFirst().orElse("");
        yield "'" + (line.length() <= 40 ? line : line.substring(0, 40) + "...") + "'";
      }
    };
  }

  /** Says that keys which the dialect has say nothing here. */
  public void withoutEffect(String... keys) {
    for (String key : keys) {
      map.entry(key).ifPresent(entry -> ledger.withoutEffect(name, entry));
    }
  }

  /** Reports every key that was not read: unknown ones, and those that are not honoured. */
  public void close() {
    for (Entry entry : map.entries()) {
      if (ledger.isSettled(entry)) {
        continue;
      }
      Optional<KeyRule> rule = ledger.table().rule(name, entry.key());
      if (rule.isEmpty()) {
        ledger.unknown(name, entry);
      } else if (rule.get().treatment() == Treatment.REPORTED) {
        ledger.report(rule.get(), entry);
      } else {
        ledger.withoutEffect(name, entry);
      }
    }
  }

  private static String quoted(String key) {
    return "'" + key + "'";
  }
}
