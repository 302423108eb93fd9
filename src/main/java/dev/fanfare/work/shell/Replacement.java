package dev.fanfare.work.shell;

import java.util.Comparator;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Puts texts in the place of others, in one pass: what was put is not looked at again. Where two
 * begin at one place the longer one counts.
 */
final class Replacement {

  private final Map<String, String> texts;
  private final Pattern any;

  Replacement(Map<String, String> texts) {
    this.texts = Map.copyOf(texts);
    this.any =
        Pattern.compile(
            texts.keySet().stream()
                .filter(text -> !text.isEmpty())
                .sorted(Comparator.comparing(String::length).reversed())
                .map(Pattern::quote)
                .collect(Collectors.joining("|")));
  }

  String in(String text) {
    if (any.pattern().isEmpty()) {
      return text;
    }
    return any.matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(texts.getOrDefault(found.group(), "")));
  }
}
