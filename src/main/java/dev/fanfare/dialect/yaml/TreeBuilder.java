package dev.fanfare.dialect.yaml;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import dev.fanfare.dialect.yaml.YamlNode.Style;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.parser.Parser;

/**
 * Builds the tree of one document from the event stream, counting as it goes.
 *
 * <p>A node that carries an anchor is kept with its size and height, so that an alias costs nothing
 * to expand and everything to count.
 */
final class TreeBuilder {

  /** A finished node, the nodes it stands for, and the collections inside each other in it. */
  record Built(YamlNode node, int size, int height) {}

  private static final String TAG = "tag:yaml.org,2002:";
  private static final Set<String> COLLECTION_TAGS = Set.of("!", TAG + "map", TAG + "seq");

  private final Parser parser;
  private final SourceText source;
  private final List<Diagnostic> diagnostics = new ArrayList<>();
  private final Map<String, Built> anchors = new HashMap<>();
  private final Set<String> open = new HashSet<>();
  private int nodes;
  private int aliases;

  /**
   * @param before what was found earlier
   */
  TreeBuilder(Parser parser, SourceText source, List<Diagnostic> before) {
    this.parser = parser;
    this.source = source;
    diagnostics.addAll(before);
  }

  /** Reads every document; one that holds nothing is left out, as the last '---' of many files. */
  YamlReader.Documents build() throws YamlRefusal {
    parser.next();
    List<YamlNode> roots = new ArrayList<>();
    List<SourceSpan> starts = new ArrayList<>();
    while (parser.checkEvent(Event.ID.DocumentStart)) {
      SourceSpan start = spanOf(parser.next());
      boolean nothing = isNothing(parser.peekEvent());
      Built root = node(0);
      parser.next();
      anchors.clear();
      if (!(nothing && root.node() instanceof Scalar)) {
        roots.add(root.node());
        starts.add(start);
      }
    }
    if (roots.isEmpty()) {
      throw empty();
    }
    return new YamlReader.Documents(roots, starts, diagnostics);
  }

  private static boolean isNothing(Event event) {
    return event instanceof ScalarEvent scalar && scalar.isPlain() && scalar.getValue().isEmpty();
  }

  private static YamlRefusal empty() {
    return new YamlRefusal(
        "yaml-empty",
        "the file contains nothing but blanks and comments",
        new SourceSpan(1, 1),
        "a workflow needs at least 'name' and 'steps'");
  }

  private Built node(int depth) throws YamlRefusal {
    Event event = parser.next();
    SourceSpan span = spanOf(event);
    if (event instanceof AliasEvent alias) {
      return alias(alias, depth, span);
    }
    count(1, span);
    Optional<String> anchor =
        event instanceof NodeEvent node ? node.getAnchor().map(Anchor::getValue) : Optional.empty();
    anchor.ifPresent(open::add);
    Built built =
        switch (event) {
          case ScalarEvent scalar -> new Built(scalar(scalar, span), 1, 0);
          case SequenceStartEvent list -> sequence(list, depth + 1, span);
          case MappingStartEvent map -> mapping(map, depth + 1, span);
          default -> throw new IllegalStateException("unexpected " + event.getEventId());
        };
    if (anchor.isPresent()) {
      open.remove(anchor.get());
      anchors.put(anchor.get(), built);
    }
    return built;
  }

  private Built sequence(SequenceStartEvent event, int depth, SourceSpan span) throws YamlRefusal {
    checkCollection(event.getTag(), depth, span);
    List<YamlNode> items = new ArrayList<>();
    int size = 1;
    int height = 0;
    while (!parser.checkEvent(Event.ID.SequenceEnd)) {
      Built item = node(depth);
      items.add(item.node());
      size += item.size();
      height = Math.max(height, item.height());
    }
    parser.next();
    return new Built(new Sequence(items, span), size, height + 1);
  }

  private Built mapping(MappingStartEvent event, int depth, SourceSpan span) throws YamlRefusal {
    checkCollection(event.getTag(), depth, span);
    MappingBuilder mapping = new MappingBuilder(diagnostics);
    int size = 1;
    int height = 0;
    while (!parser.checkEvent(Event.ID.MappingEnd)) {
      boolean plain = parser.peekEvent() instanceof ScalarEvent scalar && scalar.isPlain();
      Built key = node(depth);
      Built value = node(depth);
      size += key.size() + value.size();
      height = Math.max(height, value.height());
      String name = keyText(key.node());
      SourceSpan keySpan = key.node().span();
      if (plain && name.equals("<<")) {
        mapping.merge(keySpan, value.node());
      } else {
        mapping.add(new Entry(name, keySpan, value.node()));
      }
    }
    parser.next();
    return new Built(new Mapping(mapping.entries(), span), size, height + 1);
  }

  private static String keyText(YamlNode key) throws YamlRefusal {
    if (key instanceof Scalar scalar) {
      return scalar.text();
    }
    throw new YamlRefusal(
        "yaml-key",
        "a list or mapping cannot be a key",
        key.span(),
        "keys are text; quote a value that begins with [ or {");
  }

  private Built alias(AliasEvent event, int depth, SourceSpan span) throws YamlRefusal {
    String name = event.getAlias().getValue();
    Built built = anchors.get(name);
    if (open.contains(name) || built == null) {
      throw new YamlRefusal(
          "yaml-alias",
          open.contains(name)
              ? "the alias *" + name + " stands inside the value it names"
              : "the alias *" + name + " names no anchor above it",
          span,
          "write the anchor &" + name + " at an earlier, finished value; quote a text with a *");
    }
    if (++aliases > YamlReader.MAX_ALIASES) {
      throw tooMuch("more than " + YamlReader.MAX_ALIASES + " aliases", span);
    }
    count(built.size(), span);
    checkDepth(depth + built.height(), span);
    return built;
  }

  private void count(int more, SourceSpan span) throws YamlRefusal {
    nodes += more;
    if (nodes > YamlReader.MAX_NODES) {
      throw tooMuch("more than " + YamlReader.MAX_NODES + " values, aliases expanded", span);
    }
  }

  private static YamlRefusal tooMuch(String what, SourceSpan span) {
    return new YamlRefusal(
        "yaml-too-big", "the file has " + what, span, "split the workflow into several files");
  }

  private void checkCollection(Optional<String> tag, int depth, SourceSpan span)
      throws YamlRefusal {
    checkDepth(depth, span);
    if (tag.isPresent() && !COLLECTION_TAGS.contains(tag.get())) {
      throw tagRefusal(tag.get(), span);
    }
  }

  private static void checkDepth(int depth, SourceSpan span) throws YamlRefusal {
    if (depth > YamlReader.MAX_DEPTH) {
      throw new YamlRefusal(
          "yaml-too-deep",
          "lists and mappings are nested more than " + YamlReader.MAX_DEPTH + " deep",
          span,
          "flatten the file, or move a part into a workflow of its own");
    }
  }

  private Scalar scalar(ScalarEvent event, SourceSpan span) throws YamlRefusal {
    Style style =
        switch (event.getScalarStyle()) {
          case SINGLE_QUOTED -> Style.SINGLE_QUOTED;
          case DOUBLE_QUOTED, JSON_SCALAR_STYLE -> Style.DOUBLE_QUOTED;
          case LITERAL, FOLDED -> Style.BLOCK;
          case PLAIN -> Style.PLAIN;
        };
    String text = event.getValue();
    int start = event.getStartMark().map(Mark::getIndex).orElse(0);
    ScalarSource place = new ScalarSource(source.codePoints(), start);
    String tag = event.getTag().orElse(style == Style.PLAIN ? "?" : "!");
    return switch (tag) {
      case "!", TAG + "str" -> new Scalar(text, text, style, span, place);
      case "?", TAG + "int", TAG + "float", TAG + "bool", TAG + "null" ->
          new Scalar(text, CoreSchema.value(text), style, span, place);
      default -> throw tagRefusal(tag, span);
    };
  }

  private static YamlRefusal tagRefusal(String tag, SourceSpan span) {
    String shown = tag.startsWith(TAG) ? "!!" + tag.substring(TAG.length()) : tag;
    return new YamlRefusal(
        "yaml-tag", "the tag " + shown + " means nothing in a workflow", span, "remove the tag");
  }

  private static SourceSpan spanOf(Event event) {
    return event.getStartMark().map(YamlReader::span).orElse(new SourceSpan(1, 1));
  }
}
