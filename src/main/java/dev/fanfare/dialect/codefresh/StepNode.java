package dev.fanfare.dialect.codefresh;

import dev.fanfare.definition.SourceSpan;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A step as it is found before any is read: its name, its place, what is written in it. */
final class StepNode {

  /** As it is written; one of its kind in the file. */
  final String id;

  /** The id, made a legal name. */
  final String name;

  /** Where expressions find it: {@code group.child}. */
  final String path;

  final SourceSpan span;

  /** Its keys, with those under {@code arguments} where these count as keys. */
  final Mapping body;

  final String writtenType;
  final StepType type;
  final @Nullable StepNode parent;
  final int order;
  final List<StepNode> children = new ArrayList<>();

  /** What tells a child of a matrix from the others; empty for any other step. */
  final String combination;

  StepNode(
      String id,
      String name,
      SourceSpan span,
      Mapping body,
      @Nullable StepNode parent,
      int order,
      String combination) {
    this.id = id;
    this.name = name;
    this.span = span;
    this.body = body;
    this.parent = parent;
    this.order = order;
    this.combination = combination;
    this.path = parent == null ? name : parent.path + "." + name;
    this.writtenType = text("type").orElse("freestyle");
    this.type = StepType.of(writtenType);
  }

  /** Whether it is made of children: written, scaled, or a matrix. */
  boolean isGroup() {
    return type == StepType.PARALLEL || body.has("scale") || body.has("matrix");
  }

  /** The step at the top that it is, or is inside of. */
  StepNode top() {
    StepNode at = this;
    while (at.parent != null) {
      at = at.parent;
    }
    return at;
  }

  boolean isInside(StepNode other) {
    StepNode at = parent;
    while (at != null && at != other) {
      at = at.parent;
    }
    return at != null;
  }

  /** A plain text of a key, without an account of having read it. */
  Optional<String> text(String key) {
    return body.get(key)
        .filter(Scalar.class::isInstance)
        .map(Scalar.class::cast)
        .filter(scalar -> !scalar.isNull())
        .map(Scalar::text);
  }
}
