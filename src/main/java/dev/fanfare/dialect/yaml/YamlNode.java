package dev.fanfare.dialect.yaml;

import dev.fanfare.definition.SourceSpan;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A value in a YAML file. Aliases and merge keys are resolved; every node knows its place. */
public sealed interface YamlNode {

  /** Where the value begins: its first character, its quote, or its bracket. */
  SourceSpan span();

  /** How a scalar was written. */
  enum Style {
    PLAIN,
    SINGLE_QUOTED,
    DOUBLE_QUOTED,
    /** A block after {@code |} or {@code >}. */
    BLOCK
  }

  /**
   * A single value.
   *
   * @param text the characters as they were meant: quotes, escapes and folding undone; {@code 1.10}
   *     stays {@code 1.10}
   * @param value what a plain scalar stands for ({@code Long}, {@code Double}, {@code Boolean},
   *     null); text otherwise
   */
  record Scalar(
      String text, @Nullable Object value, Style style, SourceSpan span, ScalarSource source)
      implements YamlNode {

    public boolean isNull() {
      return value == null;
    }

    /** A cursor that tells where characters of {@link #text()} stand in the file. */
    public ScalarCursor cursor() {
      return new ScalarCursor(this);
    }
  }

  /** A list. */
  record Sequence(List<YamlNode> items, SourceSpan span) implements YamlNode {
    public Sequence {
      items = List.copyOf(items);
    }
  }

  /** A mapping in written order, keys unique. */
  record Mapping(List<Entry> entries, SourceSpan span) implements YamlNode {
    public Mapping {
      entries = List.copyOf(entries);
    }

    public Optional<Entry> entry(String key) {
      return entries.stream().filter(entry -> entry.key().equals(key)).findFirst();
    }

    /** The value of a key, absent where the key is. */
    public Optional<YamlNode> get(String key) {
      return entry(key).map(Entry::value);
    }

    public boolean has(String key) {
      return entry(key).isPresent();
    }
  }

  /** A key of a mapping and its value. */
  record Entry(String key, SourceSpan keySpan, YamlNode value) {}
}
