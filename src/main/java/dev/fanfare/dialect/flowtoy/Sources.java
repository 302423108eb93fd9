package dev.fanfare.dialect.flowtoy;

import dev.fanfare.definition.Nearest;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.dialect.Problems;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The sources of a file by name, and what a step says under {@code source}. */
final class Sources {

  private static final Set<String> BUILT_IN = Set.of("rest", "process", "env");

  private final Map<String, Source> byName = new LinkedHashMap<>();
  private final Set<String> used = new LinkedHashSet<>();
  private final Problems problems;

  Sources(Problems problems) {
    this.problems = problems;
  }

  /** Reads {@code sources}. */
  void declare(Section root) {
    Optional<Section> sources = root.section("sources", "sources");
    if (sources.isEmpty()) {
      return;
    }
    for (Entry entry : sources.get().entries()) {
      YamlNode value = sources.get().read(entry);
      if (Section.isNull(value)) {
        missing("the source '" + entry.key() + "' has no type", entry.keySpan());
        continue;
      }
      sources
          .get()
          .section(value, "the source '" + entry.key() + "'", "source")
          .flatMap(section -> named(section, entry.key(), entry.keySpan()))
          .ifPresent(source -> byName.put(entry.key(), source));
    }
    sources.get().close();
  }

  private Optional<Source> named(Section section, String name, SourceSpan span) {
    Optional<String> type = section.text("type");
    if (type.isEmpty() && !section.has("type")) {
      missing("the source '" + name + "' has no type", span);
    }
    Optional<Source> source = type.map(t -> source(section, name, t, span));
    if (source.isEmpty()) {
      section.free("configuration");
    }
    section.close();
    return source;
  }

  private Source source(Section section, String name, String type, SourceSpan span) {
    Optional<YamlNode> node = section.node("configuration");
    if (node.isPresent() && !(node.get() instanceof Mapping)) {
      section.wrongType(node.get(), "'configuration'", "a mapping");
    }
    Optional<Mapping> configuration =
        node.filter(Mapping.class::isInstance).map(Mapping.class::cast);
    Source source = new Source(name, type, configuration, span);
    configuration.ifPresent(map -> Configurations.check(section.ledger(), source, map));
    return source;
  }

  private void missing(String message, SourceSpan span) {
    problems.error("missing-key", message, span, "write type: rest, process or env");
  }

  Optional<Source> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  Collection<String> names() {
    return byName.keySet();
  }

  /** Sources that no step calls. */
  List<Source> unused() {
    return byName.values().stream().filter(source -> !used.contains(source.name())).toList();
  }

  /** What a step calls; empty where that is wrong, which is reported. */
  Optional<Source> of(Section step, String stepName) {
    Optional<YamlNode> node = step.node("source");
    if (node.isEmpty()) {
      problems.error(
          "missing-key",
          "the step '" + stepName + "' has no source",
          step.span(),
          "name one of 'sources', or write { type, configuration }");
      return Optional.empty();
    }
    if (node.get() instanceof Scalar scalar) {
      return reference(scalar.text(), scalar.span());
    }
    Optional<Section> section = step.section(node.get(), "'source'", "step source");
    Optional<Source> source =
        section.flatMap(inline -> inline.has("base") ? derived(inline) : inline(inline, stepName));
    section.ifPresent(Section::close);
    return source;
  }

  /** A source by its name; the name of a type that flowtoy has is a source without anything. */
  private Optional<Source> reference(String name, SourceSpan span) {
    Optional<Source> found = find(name);
    if (found.isPresent()) {
      used.add(name);
      return found;
    }
    if (BUILT_IN.contains(name)) {
      return Optional.of(new Source(name, name, Optional.empty(), span));
    }
    problems.error(
        "unknown-source",
        "there is no source '" + name + "'",
        span,
        Nearest.to(name, byName.keySet())
            .map(near -> "did you mean '" + near + "'?")
            .orElse("declare it under 'sources'"));
    return Optional.empty();
  }

  private Optional<Source> inline(Section section, String name) {
    Optional<String> type = section.text("type");
    if (type.isEmpty()) {
      if (!section.has("type")) {
        missing(
            "the source of the step '" + name + "' has neither 'type' nor 'base'", section.span());
      }
      section.free("configuration");
      return Optional.empty();
    }
    return Optional.of(source(section, name, type.get(), section.span()));
  }

  /**
   * The keys of {@code override} replace those of the base as a whole: {@code configuration} too.
   */
  private Optional<Source> derived(Section section) {
    Optional<Source> base =
        section
            .node("base")
            .flatMap(
                node -> section.text(node, "'base'").flatMap(name -> reference(name, node.span())));
    Optional<Section> override = section.section("override", "override");
    section.withoutEffect("type", "configuration");
    if (base.isEmpty()) {
      override.ifPresent(
          over -> {
            over.text("type");
            over.free("configuration");
            over.close();
          });
      return base;
    }
    Optional<Source> changed =
        override.map(
            over -> {
              String type = over.text("type").orElse(base.get().type());
              Source source =
                  over.has("configuration")
                      ? source(over, base.get().name(), type, over.span())
                      : new Source(
                          base.get().name(), type, base.get().configuration(), over.span());
              over.close();
              return source;
            });
    return changed.or(() -> base);
  }
}
