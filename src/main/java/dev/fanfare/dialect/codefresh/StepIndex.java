package dev.fanfare.dialect.codefresh;

import dev.fanfare.definition.SourceSpan;
import dev.fanfare.dialect.Problems;
import dev.fanfare.dialect.key.Ledger;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Every step of a file by its id, found before any is read: conditions name steps anywhere. */
final class StepIndex {

  private static final Pattern FORBIDDEN = Pattern.compile("[.#$\\[\\]]");
  private static final int MAX_ID = 150;
  private static final int MAX_NAME = 120;

  private final Ledger ledger;
  private final Problems problems;
  private final Map<String, StepNode> byId = new LinkedHashMap<>();
  private final List<StepNode> top = new ArrayList<>();
  private int order;

  StepIndex(Ledger ledger) {
    this.ledger = ledger;
    this.problems = ledger.problems();
  }

  /** Finds the steps at the top of a file, and all inside them. */
  void add(Mapping steps) {
    top.addAll(children(steps, null));
  }

  /** Finds the steps of a hook: they have names of their own, and nobody else reads them. */
  List<StepNode> apart(Mapping steps) {
    StepIndex inner = new StepIndex(ledger);
    return inner.children(steps, null);
  }

  /** A step that the file names and does not have, in front of all others. */
  StepNode addFirst(String id, Mapping body) {
    StepNode node = new StepNode(id, id, body.span(), body, null, -1, "");
    byId.put(id, node);
    top.addFirst(node);
    return node;
  }

  List<StepNode> top() {
    return top;
  }

  Collection<StepNode> all() {
    return byId.values();
  }

  Optional<StepNode> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  Set<String> ids() {
    return byId.keySet();
  }

  private List<StepNode> children(Mapping steps, @Nullable StepNode parent) {
    List<StepNode> found = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Entry entry : steps.entries()) {
      ledger.open("names", steps).read(entry);
      if (!(entry.value() instanceof Mapping body)) {
        ledger.settleAll(entry.value());
        problems.error(
            "wrong-type",
            "the step '" + entry.key() + "' must be a mapping, found " + describe(entry.value()),
            entry.value().span(),
            "");
        continue;
      }
      found.add(step(entry.key(), entry.keySpan(), hoisted(body), parent, "", names));
    }
    return found;
  }

  private static String describe(YamlNode value) {
    return Section.describe(value);
  }

  private StepNode step(
      String id,
      SourceSpan span,
      Mapping body,
      @Nullable StepNode parent,
      String combination,
      Set<String> names) {
    check(id, span);
    StepNode node = new StepNode(id, legal(id, names), span, body, parent, order++, combination);
    byId.putIfAbsent(id, node);
    Section section = ledger.open("step", body);
    boolean scaled = body.has("scale");
    if (scaled && body.has("matrix")) {
      problems.error(
          "contradiction",
          "the step '" + id + "' has 'scale' and 'matrix'",
          section.keySpan("matrix"),
          "keep one: a name in 'scale' can be one more value of the matrix");
    }
    if (scaled || body.has("matrix")) {
      makesNothing(section, id, scaled ? "scale" : "matrix");
    }
    if (scaled) {
      section.node("scale").ifPresent(names2 -> scale(node, section, names2));
    } else if (body.has("matrix")) {
      section.node("matrix").ifPresent(axes -> matrix(node, section, axes));
    } else if (node.type == StepType.PARALLEL) {
      Optional<YamlNode> steps = section.node("steps");
      steps
          .flatMap(value -> mapping(value, "'steps'"))
          .ifPresent(map -> node.children.addAll(children(map, node)));
    }
    return node;
  }

  private void check(String id, SourceSpan span) {
    if (byId.containsKey(id)) {
      problems.error(
          "same-step-name",
          "the step '" + id + "' exists more than once; the other one is at " + byId.get(id).span,
          span,
          "names of steps are unique in the whole file, inside parallel steps too");
    }
    if (id.length() > MAX_ID || id.isBlank() || FORBIDDEN.matcher(id).find()) {
      problems.error(
          "bad-name",
          "a step cannot be called '" + id + "'",
          span,
          "at most 150 characters, and none of . # $ [ ]");
    }
  }

  /** The id where it is a legal name, else something like it that none of its siblings has. */
  private static String legal(String id, Set<String> taken) {
    String plain = id.replaceAll("[^A-Za-z0-9_ -]", "-").strip();
    String first = plain.matches("[A-Za-z0-9_].*") ? plain : "s" + plain;
    String cut = first.length() <= MAX_NAME ? first : first.substring(0, MAX_NAME).strip();
    String name = cut;
    for (int i = 2; !taken.add(name); i++) {
      name = cut + "-" + i;
    }
    return name;
  }

  private Optional<Mapping> mapping(YamlNode value, String what) {
    if (value instanceof Mapping map) {
      return Optional.of(map);
    }
    ledger.settleAll(value);
    problems.error(
        "wrong-type", what + " must be a mapping, found " + describe(value), value.span(), "");
    return Optional.empty();
  }

  /** Keys under {@code arguments} of a built-in type are keys of the step. */
  private Mapping hoisted(Mapping body) {
    String type =
        body.get("type").orElse(null) instanceof YamlNode.Scalar scalar && !scalar.isNull()
            ? scalar.text()
            : "freestyle";
    if (!StepType.of(type).takesArgumentsAsKeys()
        || !(body.get("arguments").orElse(null) instanceof Mapping arguments)) {
      return body;
    }
    ledger.open("step", body).node("arguments");
    List<Entry> all = new ArrayList<>(body.entries());
    all.removeIf(entry -> entry.key().equals("arguments"));
    for (Entry entry : arguments.entries()) {
      if (body.has(entry.key())) {
        problems.error(
            "contradiction",
            "'" + entry.key() + "' is written in the step and under its 'arguments'",
            entry.keySpan(),
            "keep one of them");
      } else {
        all.add(entry);
      }
    }
    return new Mapping(all, body.span());
  }

  private void scale(StepNode node, Section parent, YamlNode value) {
    Optional<Mapping> written = mapping(value, "'scale'");
    Set<String> names = new HashSet<>();
    for (Entry entry : written.map(Mapping::entries).orElse(List.of())) {
      ledger.open("names", written.orElseThrow()).read(entry);
      Optional<Mapping> own =
          Section.isNull(entry.value())
              ? Optional.of(new Mapping(List.of(), entry.value().span()))
              : mapping(entry.value(), "'" + entry.key() + "'");
      own.ifPresent(
          keys -> {
            Mapping body = Merging.merged(parent, hoisted(keys), ledger);
            node.children.add(step(entry.key(), entry.keySpan(), body, node, "", names));
          });
    }
  }

  /** Reports a {@code scale} or {@code matrix} that names no child. */
  private void makesNothing(Section section, String id, String key) {
    Optional<YamlNode> value = section.node(key);
    boolean empty =
        value.isEmpty() || (value.get() instanceof Mapping map && map.entries().isEmpty());
    if (empty) {
      problems.error(
          "bad-matrix",
          "'" + key + "' of the step '" + id + "' is empty, so nothing of the step would run",
          section.keySpan(key),
          "name the children and what differs between them, or remove '" + key + "'");
    }
  }

  private void matrix(StepNode node, Section parent, YamlNode value) {
    Optional<Mapping> axes = mapping(value, "'matrix'");
    if (axes.isEmpty()) {
      return;
    }
    Set<String> names = new HashSet<>();
    int number = 1;
    for (Merging.Combination each : Merging.combinations(axes.get(), ledger)) {
      String id = node.id + "-" + number++;
      Mapping body = Merging.merged(parent, each.keys(), ledger);
      node.children.add(step(id, node.span, body, node, each.title(), names));
    }
  }
}
