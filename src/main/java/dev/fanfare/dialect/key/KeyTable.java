package dev.fanfare.dialect.key;

import dev.fanfare.definition.Diagnostic.Severity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every key of a dialect, by the section it stands in. Written once, beside the importer; the page
 * of conformance, the plan and the messages about keys are all made from it.
 */
public final class KeyTable {

  /** No key needs an explanation. */
  public static final KeyTable NONE = new KeyTable(Map.of());

  /** What stands for any name. */
  public static final String ANY = "*";

  private final Map<String, Map<String, KeyRule>> sections;

  private KeyTable(Map<String, Map<String, KeyRule>> sections) {
    this.sections = sections;
  }

  public static Builder builder() {
    return new Builder();
  }

  /** The rule of a key, or that of any name, where there is one. */
  public Optional<KeyRule> rule(String section, String key) {
    Map<String, KeyRule> rules = sections.getOrDefault(section, Map.of());
    return Optional.ofNullable(rules.getOrDefault(key, rules.get(ANY)));
  }

  /** The keys of a section, in written order. */
  public List<String> keys(String section) {
    return List.copyOf(sections.getOrDefault(section, Map.of()).keySet());
  }

  /** Every rule, section by section in written order. */
  public List<KeyRule> rules() {
    return sections.values().stream().flatMap(rules -> rules.values().stream()).toList();
  }

  /** Writes a table down, section by section. */
  public static final class Builder {

    private final Map<String, Map<String, KeyRule>> sections = new LinkedHashMap<>();
    private String section = "";

    private Builder() {}

    /** What the rules that follow are keys of. */
    public Builder section(String name) {
      section = name;
      sections.putIfAbsent(name, new LinkedHashMap<>());
      return this;
    }

    /** Keys that mean the same here. */
    public Builder supported(String... keys) {
      for (String key : keys) {
        add(key, Treatment.SUPPORTED, "", Severity.INFO);
      }
      return this;
    }

    /** A key that becomes something else: {@code mapped("depends", "becomes needs")}. */
    public Builder mapped(String key, String becomes) {
      return add(key, Treatment.MAPPED, becomes, Severity.INFO);
    }

    /** A key that says nothing about what runs, such as a colour in somebody's page. */
    public Builder noted(String key, String consequence) {
      return add(key, Treatment.REPORTED, consequence, Severity.INFO);
    }

    /** A key that is not honoured while the rest still means the same. */
    public Builder warned(String key, String consequence) {
      return add(key, Treatment.REPORTED, consequence, Severity.WARNING);
    }

    /** A key without which the file means something else: the file is refused. */
    public Builder refused(String key, String consequence) {
      return add(key, Treatment.REPORTED, consequence, Severity.ERROR);
    }

    private Builder add(String key, Treatment treatment, String becomes, Severity severity) {
      KeyRule rule = new KeyRule(section, key, treatment, becomes, severity);
      Map<String, KeyRule> rules =
          sections.computeIfAbsent(section, ignored -> new LinkedHashMap<>());
      if (rules.putIfAbsent(key, rule) != null || section.isEmpty()) {
        throw new IllegalArgumentException(rule.id() + " has a rule already, or no section");
      }
      return this;
    }

    public KeyTable build() {
      Map<String, Map<String, KeyRule>> copy = new LinkedHashMap<>();
      sections.forEach((name, rules) -> copy.put(name, new LinkedHashMap<>(rules)));
      return new KeyTable(copy);
    }
  }

  /** The sections, in written order. */
  public List<String> sections() {
    return new ArrayList<>(sections.keySet());
  }
}
