package dev.fanfare.dialect.flowtoy;

import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a failed step means to one that needs it. */
enum Policy {
  /** It never starts, and nor does anything else that has not begun. */
  FAIL,
  /** It is skipped, and what needs it. */
  SKIP,
  /** It starts all the same. */
  CONTINUE;

  /** The one that a section states under {@code on_error}. */
  static Optional<Policy> of(Section section) {
    Optional<YamlNode> node = section.node("on_error");
    Optional<String> text = node.flatMap(value -> section.text(value, "'on_error'"));
    Optional<Policy> policy =
        text.flatMap(
            word ->
                Arrays.stream(values())
                    .filter(each -> each.name().equals(word.toUpperCase(Locale.ROOT)))
                    .findFirst());
    if (text.isPresent() && policy.isEmpty()) {
      section.badValue(
          node.orElseThrow().span(),
          "there is no policy '" + text.get() + "'",
          "'on_error' is fail, skip or continue");
    }
    return policy;
  }
}
