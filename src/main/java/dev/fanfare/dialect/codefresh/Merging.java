package dev.fanfare.dialect.codefresh;

import dev.fanfare.dialect.Problems;
import dev.fanfare.dialect.key.Ledger;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What {@code scale} and {@code matrix} make of a step: children that share its keys. */
final class Merging {

  private static final int MAX_CHILDREN = 1_000;

  /** Keys that belong to the group and not to each child. */
  private static final Set<String> OF_THE_GROUP =
      Set.of("scale", "matrix", "when", "success_criteria", "title", "name");

  private Merging() {}

  /** One combination of a matrix: a value for each field, and its name for people. */
  record Combination(Mapping keys, String title) {}

  /** The keys of a child: those of its parent, then its own; lists of variables are joined. */
  static Mapping merged(Section parent, Mapping own, Ledger ledger) {
    List<Entry> all = new ArrayList<>();
    for (Entry entry : parent.entries()) {
      if (OF_THE_GROUP.contains(entry.key())) {
        continue;
      }
      if (!own.has(entry.key())) {
        all.add(entry);
      } else if (ledger.table().rule("step", entry.key()).isPresent()) {
        parent.read(entry);
        ledger.settleAll(entry.value());
      }
    }
    for (Entry entry : own.entries()) {
      Optional<Sequence> inherited = inherited(parent, entry);
      all.add(
          inherited.isPresent() && entry.value() instanceof Sequence
              ? joined(inherited.get(), entry, ledger, own)
              : entry);
    }
    return new Mapping(all, own.span().line() == 0 ? parent.span() : own.span());
  }

  /** The variables of the parent, which those of a child are added to. */
  private static Optional<Sequence> inherited(Section parent, Entry own) {
    return parent.entries().stream()
        .filter(each -> each.key().equals("environment") && own.key().equals("environment"))
        .map(Entry::value)
        .filter(Sequence.class::isInstance)
        .map(Sequence.class::cast)
        .findFirst();
  }

  private static Entry joined(Sequence inherited, Entry entry, Ledger ledger, Mapping own) {
    List<YamlNode> items = new ArrayList<>(inherited.items());
    items.addAll(((Sequence) entry.value()).items());
    ledger.open("step", own).read(entry);
    return new Entry(entry.key(), entry.keySpan(), new Sequence(items, entry.value().span()));
  }

  /** Every combination of the values of a matrix, the last field turning fastest. */
  static List<Combination> combinations(Mapping axes, Ledger ledger) {
    List<Combination> all = new ArrayList<>();
    all.add(new Combination(new Mapping(List.of(), axes.span()), ""));
    for (Entry axis : axes.entries()) {
      ledger.open("matrix", axes).read(axis);
      List<YamlNode> values = values(axis, ledger.problems());
      if ((long) values.size() * all.size() > MAX_CHILDREN) {
        ledger
            .problems()
            .error(
                "bad-matrix",
                "the matrix has more than 1,000 combinations",
                axis.keySpan(),
                "leave values out");
        return List.of();
      }
      List<Combination> more = new ArrayList<>();
      for (Combination each : all) {
        values.forEach(value -> more.add(with(each, axis, value)));
      }
      all = more;
    }
    return all;
  }

  private static List<YamlNode> values(Entry axis, Problems problems) {
    if (axis.value() instanceof Sequence list && !list.items().isEmpty()) {
      return list.items();
    }
    problems.error(
        "bad-matrix",
        "the field '" + axis.key() + "' of a matrix is a list of values",
        axis.value().span(),
        "write one value for each child; a value that is a list itself stands in brackets");
    return List.of();
  }

  private static Combination with(Combination before, Entry axis, YamlNode value) {
    List<Entry> keys = new ArrayList<>(before.keys().entries());
    keys.add(new Entry(axis.key(), axis.keySpan(), value));
    String title = axis.key() + "=" + title(value);
    return new Combination(
        new Mapping(keys, before.keys().span()),
        before.title().isEmpty() ? title : before.title() + " " + title);
  }

  private static String title(YamlNode value) {
    return switch (value) {
      case Scalar scalar -> scalar.text();
      case Sequence list ->
          list.items().stream().map(Merging::title).collect(Collectors.joining(","));
      case Mapping ignored -> "{...}";
    };
  }
}
