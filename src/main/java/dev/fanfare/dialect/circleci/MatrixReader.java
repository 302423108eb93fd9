package dev.fanfare.dialect.circleci;

import dev.fanfare.definition.SourceSpan;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Combinations of a matrix, in the order of its first parameter. */
final class MatrixReader {

  private static final int MAX_COMBINATIONS = 1_000;

  private final Fields fields;

  MatrixReader(Fields fields) {
    this.fields = fields;
  }

  /**
   * A matrix.
   *
   * @param alias by which all of it can be required
   */
  record Matrix(List<Map<String, Value>> combinations, Optional<String> alias) {}

  Matrix matrix(Section section, Scope scope) {
    Map<String, List<Value>> axes = new LinkedHashMap<>();
    Optional<Section> written = section.section("parameters", "axes");
    for (Entry entry : written.map(Section::entries).orElse(List.of())) {
      YamlNode values = written.get().read(entry);
      axes.put(entry.key(), values(entry, values, scope));
    }
    if (axes.isEmpty()) {
      fields.missing("a matrix", "parameters", section.span());
    }
    List<Map<String, Value>> combinations = combinations(axes, section.span());
    for (YamlNode item : section.items("exclude")) {
      section
          .section(item, "a combination to exclude", "combination")
          .ifPresent(each -> exclude(each, axes, combinations, scope));
    }
    Optional<String> alias = fields.text(section, "alias", scope);
    section.close();
    return new Matrix(combinations, alias);
  }

  private List<Value> values(Entry entry, YamlNode node, Scope scope) {
    List<Value> values = new ArrayList<>();
    for (YamlNode item : Section.oneOrMany(node)) {
      if (item instanceof Scalar scalar && !scalar.isNull()) {
        values.add(fields.rendering().value(scalar, scope));
      } else {
        wrong(item, "values of the matrix parameter '" + entry.key() + "' are single values");
      }
    }
    return values;
  }

  private List<Map<String, Value>> combinations(Map<String, List<Value>> axes, SourceSpan span) {
    List<Map<String, Value>> all = new ArrayList<>(List.of(Map.of()));
    for (Map.Entry<String, List<Value>> axis : axes.entrySet()) {
      if ((long) all.size() * axis.getValue().size() > MAX_COMBINATIONS) {
        fields
            .problems()
            .error(
                "matrix-too-large",
                "a matrix has at most " + MAX_COMBINATIONS + " combinations",
                span,
                "");
        return new ArrayList<>();
      }
      List<Map<String, Value>> longer = new ArrayList<>();
      for (Map<String, Value> each : all) {
        for (Value value : axis.getValue()) {
          Map<String, Value> with = new LinkedHashMap<>(each);
          with.put(axis.getKey(), value);
          longer.add(with);
        }
      }
      all = longer;
    }
    return axes.isEmpty() ? new ArrayList<>() : all;
  }

  /**
   * Takes out what agrees with every value that is named; names of no parameter agree with none.
   */
  private void exclude(
      Section section,
      Map<String, List<Value>> axes,
      List<Map<String, Value>> combinations,
      Scope scope) {
    Map<String, Value> named = new LinkedHashMap<>();
    for (Entry entry : section.entries()) {
      YamlNode node = section.read(entry);
      if (!axes.containsKey(entry.key())) {
        fields
            .problems()
            .error(
                "unknown-argument",
                "the matrix has no parameter '" + entry.key() + "'",
                entry.keySpan(),
                Names.suggestion(entry.key(), axes.keySet(), "parameters"));
        fields.ledger().settleAll(node);
      } else if (node instanceof Scalar scalar) {
        named.put(entry.key(), fields.rendering().value(scalar, scope));
      } else {
        wrong(node, "a value to exclude is a single value");
      }
    }
    if (!named.isEmpty()) {
      combinations.removeIf(each -> named.entrySet().stream().allMatch(one -> same(each, one)));
    }
  }

  private static boolean same(Map<String, Value> combination, Map.Entry<String, Value> named) {
    Value value = combination.getOrDefault(named.getKey(), Value.of());
    return value.sameAs(named.getValue());
  }

  private void wrong(YamlNode node, String expected) {
    fields.ledger().settleAll(node);
    fields
        .problems()
        .error("wrong-type", expected + ", found " + Section.describe(node), node.span(), "");
  }
}
