package dev.fanfare.trigger;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The branch or the tag that a payload of a code host is about, where it says so in a known place:
 * pushes, tags, pull and merge requests, pipelines.
 */
public record Refs(Optional<String> branch, Optional<String> tag) {

  private static final Refs NONE = new Refs(Optional.empty(), Optional.empty());
  private static final String HEADS = "refs/heads/";
  private static final String TAGS = "refs/tags/";

  /**
   * The branch or tag that an event is about.
   *
   * @param source as in {@link Delivery}
   */
  public static Refs of(String source, Map<String, Object> event) {
    return switch (source) {
      case "github" -> github(event);
      case "gitlab" -> gitlab(event);
      case "bitbucket" -> bitbucket(event);
      case "circleci" -> named(at(event, "pipeline", "vcs"), "branch", "tag");
      default -> NONE;
    };
  }

  private static Refs github(Map<String, Object> event) {
    Optional<String> head = text(at(event, "pull_request", "head", "ref"));
    return head.isPresent() ? branch(head) : full(event.get("ref"));
  }

  private static Refs gitlab(Map<String, Object> event) {
    Optional<String> source = text(at(event, "object_attributes", "source_branch"));
    if (source.isPresent()) {
      return branch(source);
    }
    Optional<String> pipeline = text(at(event, "object_attributes", "ref"));
    if (pipeline.isPresent()) {
      return Boolean.TRUE.equals(at(event, "object_attributes", "tag"))
          ? tag(pipeline)
          : branch(pipeline);
    }
    return full(event.get("ref"));
  }

  private static Refs bitbucket(Map<String, Object> event) {
    Optional<String> source = text(at(event, "pullrequest", "source", "branch", "name"));
    if (source.isPresent()) {
      return branch(source);
    }
    // Bitbucket Cloud has push.changes, Bitbucket Data Center changes.
    @Nullable Object pushed = first(at(event, "push", "changes"));
    if (at(pushed, "new") instanceof Map<?, ?> now) {
      Optional<String> name = text(now.get("name"));
      return "tag".equals(now.get("type")) ? tag(name) : branch(name);
    }
    return full(at(first(event.get("changes")), "ref", "id"));
  }

  private static Refs named(@Nullable Object map, String branch, String tag) {
    return new Refs(text(at(map, branch)), text(at(map, tag)));
  }

  private static Refs full(@Nullable Object ref) {
    String text = text(ref).orElse("");
    if (text.startsWith(HEADS)) {
      return branch(Optional.of(text.substring(HEADS.length())));
    }
    return text.startsWith(TAGS) ? tag(Optional.of(text.substring(TAGS.length()))) : NONE;
  }

  private static Refs branch(Optional<String> name) {
    return new Refs(name, Optional.empty());
  }

  private static Refs tag(Optional<String> name) {
    return new Refs(Optional.empty(), name);
  }

  private static @Nullable Object at(@Nullable Object value, String... path) {
    @Nullable Object found = value;
    for (String key : path) {
      found = found instanceof Map<?, ?> map ? map.get(key) : null;
    }
    return found;
  }

  private static @Nullable Object first(@Nullable Object value) {
    return value instanceof List<?> list && !list.isEmpty() ? list.getFirst() : null;
  }

  private static Optional<String> text(@Nullable Object value) {
    return value instanceof String text && !text.isEmpty() ? Optional.of(text) : Optional.empty();
  }
}
