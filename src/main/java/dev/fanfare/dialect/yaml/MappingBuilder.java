package dev.fanfare.dialect.yaml;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The entries of one mapping: duplicates refused, merge keys applied.
 *
 * <p>A key that is written wins over one that is merged, and among merged mappings the earlier
 * wins. Merged entries stand where {@code <<} stands.
 */
final class MappingBuilder {

  private static final int MAX_DIAGNOSTICS = 100;

  private final List<Diagnostic> diagnostics;
  private final List<Entry> written = new ArrayList<>();
  private final Map<String, SourceSpan> spans = new HashMap<>();
  private final List<Entry> merged = new ArrayList<>();
  private Optional<SourceSpan> mergeKey = Optional.empty();
  private int mergeAt;

  MappingBuilder(List<Diagnostic> diagnostics) {
    this.diagnostics = diagnostics;
  }

  void add(Entry entry) {
    SourceSpan first = spans.putIfAbsent(entry.key(), entry.keySpan());
    if (first != null) {
      duplicate(entry.key(), entry.keySpan(), first, "keep one of them");
      return;
    }
    written.add(entry);
  }

  void merge(SourceSpan keySpan, YamlNode value) {
    if (mergeKey.isPresent()) {
      duplicate("<<", keySpan, mergeKey.get(), "merge several mappings with <<: [*a, *b]");
      return;
    }
    mergeKey = Optional.of(keySpan);
    mergeAt = written.size();
    List<YamlNode> sources = value instanceof Sequence list ? list.items() : List.of(value);
    for (YamlNode source : sources) {
      if (source instanceof Mapping mapping) {
        merged.addAll(mapping.entries());
      } else {
        report(
            Diagnostic.error(
                "yaml-merge",
                "'<<' merges mappings only",
                source.span(),
                "name the anchor of a mapping, or a list of such anchors"));
      }
    }
  }

  List<Entry> entries() {
    List<Entry> entries = new ArrayList<>(written.subList(0, mergeAt));
    Map<String, SourceSpan> seen = new HashMap<>(spans);
    for (Entry entry : merged) {
      if (seen.putIfAbsent(entry.key(), entry.keySpan()) == null) {
        entries.add(entry);
      }
    }
    entries.addAll(written.subList(mergeAt, written.size()));
    return entries;
  }

  private void report(Diagnostic diagnostic) {
    if (diagnostics.size() < MAX_DIAGNOSTICS) {
      diagnostics.add(diagnostic);
    }
  }

  private void duplicate(String key, SourceSpan span, SourceSpan first, String hint) {
    report(
        Diagnostic.error(
            "yaml-duplicate-key",
            "the key '" + key + "' was already written at " + first,
            span,
            hint));
  }
}
