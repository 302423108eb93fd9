package dev.fanfare.dialect.dagu;

import dev.fanfare.definition.Nearest;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.dialect.key.Ledger;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Finds the steps of a document, and who depends on whom. */
final class Outline {

  private static final Pattern LOG_PATH =
      Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)\\.(?:stdout|stderr)\\}");

  private final Ledger ledger;
  private final Age age;
  private final boolean chain;

  /** Whether the steps are a list that some other file's step wrote. */
  private final boolean foreign;

  private final Names names = new Names();
  private final List<Draft> drafts = new ArrayList<>();
  private final Map<String, Draft> byName = new LinkedHashMap<>();

  private final Optional<Fields> defaults;

  Outline(Ledger ledger, Age age, boolean chain, boolean foreign, Optional<Fields> defaults) {
    this.ledger = ledger;
    this.defaults = defaults;
    this.age = age;
    this.chain = chain;
    this.foreign = foreign;
  }

  List<Draft> read(YamlNode steps) {
    switch (steps) {
      case Sequence list -> list(list);
      case Mapping map -> named(map);
      case Scalar scalar ->
          ledger
              .problems()
              .error(
                  "wrong-type",
                  "'steps' must be a list, found " + Section.describe(scalar),
                  scalar.span(),
                  "write each step as an item of it");
    }
    drafts.forEach(this::depends);
    new Routes(ledger.problems(), byName).apply(drafts);
    logPaths(steps);
    return drafts;
  }

  private void list(Sequence list) {
    List<Draft> before = List.of();
    for (YamlNode item : list.items()) {
      List<Draft> now = new ArrayList<>();
      if (item instanceof Sequence group) {
        group.items().forEach(member -> draft(member).ifPresent(now::add));
      } else {
        draft(item).ifPresent(now::add);
      }
      if (chain) {
        follow(before, now);
      }
      before = now;
    }
  }

  private void named(Mapping map) {
    Section section = ledger.open("named_steps", map);
    List<Draft> before = List.of();
    for (Entry entry : map.entries()) {
      YamlNode value = section.read(entry);
      if (!(value instanceof Mapping step)) {
        section.wrongType(value, "the step '" + entry.key() + "'", "a mapping");
        continue;
      }
      List<Draft> now = List.of(mapping(step, Optional.of(entry)));
      if (chain) {
        follow(before, now);
      }
      before = now;
    }
  }

  private static void follow(List<Draft> before, List<Draft> now) {
    for (Draft step : now) {
      boolean ownWord = step.fields.filter(fields -> fields.isWritten("depends")).isPresent();
      if (!ownWord) {
        before.forEach(earlier -> step.needs.put(earlier, step.span));
      }
    }
  }

  private Optional<Draft> draft(YamlNode item) {
    if (item instanceof Mapping map) {
      return Optional.of(mapping(map, Optional.empty()));
    }
    if (item instanceof Scalar scalar && !scalar.isNull()) {
      String name = names.step("step_" + (drafts.size() + 1));
      Fields none = new Fields(ledger.open("step", new Mapping(List.of(), scalar.span())));
      Draft draft = new Draft(name, "", Optional.of(none), scalar.text(), scalar.span());
      new Kinds(age, defaults).describe(draft, none);
      return Optional.of(add(draft, name));
    }
    ledger
        .problems()
        .error(
            "wrong-type",
            "a step must be a mapping or a command, found " + Section.describe(item),
            item.span(),
            "");
    ledger.settleAll(item);
    return Optional.empty();
  }

  private Draft mapping(Mapping map, Optional<Entry> entry) {
    Fields fields = new Fields(ledger.open("step", map));
    Optional<String> id = fields.text("id");
    Optional<String> written = fields.text("name").or(() -> entry.map(Entry::key));
    String wanted = written.or(() -> id).orElse("step_" + (drafts.size() + 1));
    SourceSpan span =
        fields
            .node("name")
            .map(YamlNode::span)
            .or(() -> entry.map(Entry::keySpan))
            .orElse(map.span());
    String name = names.step(wanted);
    String title = fields.text("description").orElse(name.equals(wanted) ? "" : wanted);
    Draft draft = new Draft(name, title, Optional.of(fields), "", span);
    draft.id = id;
    new Kinds(age, defaults).describe(draft, fields);
    add(draft, wanted);
    id.filter(other -> !other.equals(wanted)).ifPresent(other -> claim(other, draft));
    return draft;
  }

  private Draft add(Draft draft, String wanted) {
    drafts.add(draft);
    claim(wanted, draft);
    return draft;
  }

  private void claim(String name, Draft draft) {
    Draft other = byName.putIfAbsent(name, draft);
    if (other != null && other != draft) {
      ledger
          .problems()
          .error(
              "duplicate-name",
              "there is a step '" + name + "' already, at " + other.span,
              draft.span,
              "give each step a name of its own");
    }
  }

  private void depends(Draft draft) {
    if (draft.fields.isEmpty()) {
      return;
    }
    Fields fields = draft.fields.get();
    Optional<YamlNode> written = fields.node("depends");
    if (written.isEmpty()) {
      return;
    }
    if (chain && age == Age.NEW) {
      fields.badValue(
          fields.keySpan("depends"),
          "the steps of a chain follow each other, so none says 'depends'",
          "write type: graph at the top of the file");
    }
    for (YamlNode item : Section.oneOrMany(written.get())) {
      fields
          .section()
          .text(item, "'depends'")
          .filter(name -> !name.isEmpty())
          .ifPresent(name -> depend(draft, name, item.span()));
    }
  }

  private void depend(Draft draft, String name, SourceSpan span) {
    Draft target = byName.get(name);
    if (target != null) {
      draft.needs.put(target, span);
    } else if (foreign) {
      ledger
          .problems()
          .warning(
              "dagu-foreign-dependency",
              "no step of this list is named '" + name + "': the dependency is left out",
              span,
              "a list of steps that another file runs cannot wait for the steps of that file");
    } else {
      ledger
          .problems()
          .error(
              "unknown-dependency",
              "'" + draft.name + "' depends on '" + name + "', and no step has that name",
              span,
              () ->
                  Nearest.to(name, List.copyOf(byName.keySet()))
                      .map(near -> "did you mean '" + near + "'?")
                      .orElse("name a step of this file"));
    }
  }

  /** Whose standard output somebody reads by its path. */
  private void logPaths(YamlNode node) {
    switch (node) {
      case Mapping map -> map.entries().forEach(entry -> logPaths(entry.value()));
      case Sequence list -> list.items().forEach(this::logPaths);
      case Scalar scalar ->
          LOG_PATH
              .matcher(scalar.text())
              .results()
              .map((MatchResult found) -> byName.get(found.group(1)))
              .forEach(
                  read -> {
                    if (read != null) {
                      read.stdoutIsRead = true;
                    }
                  });
    }
  }
}
