package dev.fanfare.dialect.key;

import dev.fanfare.definition.Nearest;
import dev.fanfare.dialect.Problems;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * The account of one file's keys: each must be read, explained or reported before the file is done.
 *
 * <p>Entries are known by identity: one that several places share through an anchor or a merge is
 * accounted for once any of them has read it.
 */
public final class Ledger {

  private final KeyTable table;
  private final Problems problems;
  private final Set<Entry> settled = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Entry> noted = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<KeyUse> uses = new ArrayList<>();

  public Ledger(KeyTable table, Problems problems) {
    this.table = table;
    this.problems = problems;
  }

  public KeyTable table() {
    return table;
  }

  public Problems problems() {
    return problems;
  }

  /** Opens a mapping as a section of the table. */
  public Section open(String section, Mapping map) {
    return new Section(this, section, map);
  }

  /** What became of each key, in the order of the file. */
  public List<KeyUse> uses() {
    return uses.stream().sorted(Comparator.comparing(KeyUse::span)).toList();
  }

  /**
   * A key was read.
   *
   * @throws IllegalStateException where the table has no such key, which is a fault of the importer
   */
  void read(String section, Entry entry) {
    settled.add(entry);
    KeyRule rule =
        table
            .rule(section, entry.key())
            .orElseThrow(
                () -> new IllegalStateException("no rule for " + section + "." + entry.key()));
    note(rule, entry);
  }

  boolean isSettled(Entry entry) {
    return settled.contains(entry);
  }

  /** Everything below a node is accounted for: free text, names that a person chose. */
  public void settleAll(YamlNode node) {
    switch (node) {
      case Mapping map ->
          map.entries()
              .forEach(
                  entry -> {
                    settled.add(entry);
                    settleAll(entry.value());
                  });
      case Sequence list -> list.items().forEach(this::settleAll);
      case Scalar ignored -> {}
    }
  }

  /** Says of a key that it is not honoured, and accounts for all that is below it. */
  void report(KeyRule rule, Entry entry) {
    settled.add(entry);
    settleAll(entry.value());
    if (!note(rule, entry)) {
      return;
    }
    String message = "'" + entry.key() + "' is not honoured: " + rule.becomes();
    switch (rule.severity()) {
      case ERROR -> problems.error("key-refused", message, entry.keySpan(), "remove it");
      case WARNING -> problems.warning("key-not-honoured", message, entry.keySpan(), "");
      case INFO -> problems.info("key-without-effect", message, entry.keySpan(), "");
    }
  }

  private boolean note(KeyRule rule, Entry entry) {
    boolean first = noted.add(entry);
    if (first) {
      uses.add(new KeyUse(rule, entry.key(), entry.keySpan()));
    }
    return first;
  }

  /** Reports a key that the dialect does not have. */
  void unknown(String section, Entry entry) {
    settled.add(entry);
    settleAll(entry.value());
    List<String> known = table.keys(section);
    problems.error(
        "unknown-key",
        "a " + section + " has no key '" + entry.key() + "'",
        entry.keySpan(),
        () ->
            Nearest.to(entry.key(), known)
                .map(near -> "did you mean '" + near + "'?")
                .orElse("its keys are " + String.join(", ", known)));
  }

  /** Reports a key that the dialect has but that says nothing where it stands. */
  void withoutEffect(String section, Entry entry) {
    settled.add(entry);
    settleAll(entry.value());
    table.rule(section, entry.key()).ifPresent(rule -> note(rule, entry));
    problems.warning(
        "key-has-no-effect",
        "'" + entry.key() + "' says nothing here, beside what else this " + section + " says",
        entry.keySpan(),
        "remove it, or check what it was meant for");
  }

  /** Reports whatever nobody has read: the last line against a key that goes without a word. */
  public void close(List<YamlNode> documents) {
    documents.forEach(this::closeNode);
  }

  private void closeNode(YamlNode node) {
    switch (node) {
      case Mapping map -> map.entries().forEach(this::closeEntry);
      case Sequence list -> list.items().forEach(this::closeNode);
      case Scalar ignored -> {}
    }
  }

  private void closeEntry(Entry entry) {
    if (settled.contains(entry)) {
      closeNode(entry.value());
      return;
    }
    settled.add(entry);
    settleAll(entry.value());
    problems.error(
        "unknown-key",
        "nothing reads the key '" + entry.key() + "' here",
        entry.keySpan(),
        "remove it, or check the key above it");
  }
}
