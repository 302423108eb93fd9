package dev.fanfare.dialect.circleci;

import dev.fanfare.definition.SourceSpan;
import dev.fanfare.dialect.circleci.Invocation.Requirement;
import dev.fanfare.dialect.circleci.Parameters.Argument;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The list of jobs of a workflow or of a job group: who is invoked, under which name. */
final class InvocationReader {

  private static final int MAX_SERIAL_GROUP = 512;
  private static final int MAX_JOBS = 5_000;

  private static final Set<String> OWN_KEYS =
      Set.of(
          "requires",
          "name",
          "context",
          "type",
          "filters",
          "matrix",
          "serial-group",
          "override-with",
          "pre-steps",
          "post-steps");

  private final Fields fields;
  private final FilterReader filters;
  private final List<Invocation> found = new ArrayList<>();

  InvocationReader(Fields fields) {
    this.fields = fields;
    this.filters = new FilterReader(fields);
  }

  /**
   * Reads a list of jobs; every invocation has a name of its own.
   *
   * @param what has the list, in messages
   */
  List<Invocation> read(Section owner, String what, Scope scope) {
    Optional<YamlNode> list = owner.node("jobs");
    if (list.isEmpty() || (list.get() instanceof Sequence jobs && jobs.items().isEmpty())) {
      fields.problems().error("no-steps", what + " has no jobs", owner.span(), "");
    }
    for (YamlNode item : owner.items("jobs")) {
      switch (item) {
        case Scalar scalar when !scalar.isNull() ->
            plain(fields.rendering().value(scalar, scope).shown(), scalar.span(), scope);
        case Mapping map when map.entries().size() == 1 -> {
          Entry entry = map.entries().getFirst();
          fields.ledger().open("invocations", map).read(entry);
          keyed(owner, entry, scope);
        }
        case YamlNode other -> owner.wrongType(other, "a job", "a name, or one name with its keys");
      }
    }
    if (found.size() > MAX_JOBS) {
      fields
          .problems()
          .error("too-many-jobs", "a workflow has at most " + MAX_JOBS + " jobs", owner.span(), "");
      return List.of();
    }
    return named();
  }

  private void plain(String name, SourceSpan span, Scope scope) {
    found.add(bare(name, span, scope));
  }

  /** A job that is invoked by its name alone. */
  static Invocation bare(String name, SourceSpan span, Scope scope) {
    return new Invocation(
        name,
        name,
        List.of(),
        Map.of(),
        List.of(),
        Filter.none(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        scope,
        span);
  }

  private void keyed(Section owner, Entry entry, Scope scope) {
    if (Section.isNull(entry.value())) {
      plain(entry.key(), entry.keySpan(), scope);
      return;
    }
    Optional<Section> opened = owner.section(entry.value(), "'" + entry.key() + "'", "invocation");
    if (opened.isEmpty()) {
      return;
    }
    Section section = opened.get();
    Optional<MatrixReader.Matrix> matrix =
        section
            .section("matrix", "matrix")
            .map(each -> new MatrixReader(fields).matrix(each, scope));
    if (matrix.isEmpty()) {
      found.add(invocation(entry, section, scope, Map.of(), List.of()));
    } else {
      List<String> aliases = List.of(matrix.get().alias().orElse(entry.key()));
      for (Map<String, Value> combination : matrix.get().combinations()) {
        found.add(invocation(entry, section, scope.combined(combination), combination, aliases));
      }
    }
    section.close();
  }

  private Invocation invocation(
      Entry entry,
      Section section,
      Scope scope,
      Map<String, Value> combination,
      List<String> aliases) {
    Map<String, Argument> arguments = new LinkedHashMap<>();
    for (Entry each : section.entries()) {
      if (!OWN_KEYS.contains(each.key())) {
        section.read(each);
        arguments.put(each.key(), new Argument.Written(each.value(), scope, each.keySpan()));
      }
    }
    combination.forEach(
        (name, value) -> arguments.put(name, new Argument.Ready(value, section.keySpan("matrix"))));
    return new Invocation(
        entry.key(),
        fields.text(section, "name", scope).orElse(expanded(entry.key(), combination)),
        aliases,
        arguments,
        requires(section, scope),
        filters.filter(section, scope),
        fields.texts(section, "context", scope),
        serialGroup(section, scope),
        fields.text(section, "type", scope),
        section.node("pre-steps"),
        section.node("post-steps"),
        scope,
        entry.keySpan());
  }

  /** The values of a combination, in the order of their parameters' names. */
  private static String expanded(String name, Map<String, Value> combination) {
    StringBuilder expanded = new StringBuilder(name);
    new TreeMap<>(combination).values().forEach(each -> expanded.append('-').append(each.shown()));
    return expanded.toString();
  }

  private List<Requirement> requires(Section section, Scope scope) {
    List<Requirement> requires = new ArrayList<>();
    for (YamlNode item : section.node("requires").map(Section::oneOrMany).orElse(List.of())) {
      switch (item) {
        case Scalar scalar -> {
          String name = fields.rendering().value(scalar, scope).shown();
          if (!name.isEmpty()) {
            requires.add(new Requirement(name, List.of(Statuses.SUCCESS), scalar.span()));
          }
        }
        case Mapping map -> {
          Section inner = fields.ledger().open("requirement", map);
          for (Entry entry : map.entries()) {
            requires.add(requirement(inner, entry, scope));
          }
        }
        case YamlNode other -> section.wrongType(other, "what is required", "the name of a job");
      }
    }
    return requires;
  }

  private Requirement requirement(Section section, Entry entry, Scope scope) {
    YamlNode node = section.read(entry);
    List<String> statuses = fields.texts(section, node, entry.key(), scope);
    for (String status : statuses) {
      if (!Statuses.isKnown(status)) {
        section.badValue(
            node.span(),
            "'" + status + "' is no status of a job",
            "statuses are " + String.join(", ", Statuses.ENDS) + " and " + Statuses.TERMINAL);
      }
    }
    return new Requirement(
        fields.rendering().key(entry.key(), entry.keySpan(), scope),
        statuses.isEmpty() ? List.of(Statuses.SUCCESS) : statuses,
        entry.keySpan());
  }

  private Optional<String> serialGroup(Section section, Scope scope) {
    Optional<String> written = fields.text(section, "serial-group", scope);
    boolean good =
        written
            .filter(key -> key.length() <= MAX_SERIAL_GROUP && key.matches("[A-Za-z0-9._/-]+"))
            .isPresent();
    if (section.has("serial-group") && !good) {
      section.badValue(
          section.keySpan("serial-group"),
          "a serial-group is 1 to 512 letters, digits, '.', '-', '_' and '/', found '"
              + written.orElse("")
              + "'",
          "");
      return Optional.empty();
    }
    return written;
  }

  /** Names that several have get numbers; each can still be required by the name they share. */
  private List<Invocation> named() {
    Map<String, Integer> counts = new HashMap<>();
    found.forEach(each -> counts.merge(each.name(), 1, Integer::sum));
    Map<String, Integer> numbers = new HashMap<>();
    List<Invocation> named = new ArrayList<>();
    for (Invocation each : found) {
      if (counts.getOrDefault(each.name(), 0) == 1) {
        named.add(each);
      } else {
        String numbered = each.name() + "-" + numbers.merge(each.name(), 1, Integer::sum);
        List<String> aliases = new ArrayList<>(each.aliases());
        aliases.add(each.name());
        named.add(each.called(numbered, aliases));
      }
    }
    return named;
  }
}
