package dev.fanfare.secret;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Texts that stand for secrets between the evaluation of a step's input and its work. They live in
 * memory only. Each work order has its own, which nobody can know beforehand, so none can be forged
 * by a parameter or an output.
 */
public final class Placeholders {

  /** For a workflow without secrets. */
  public static final Placeholders NONE = new Placeholders(List.of(), "");

  private final Map<String, Object> byName = new LinkedHashMap<>();
  private final String mark;
  private final Pattern pattern;

  private Placeholders(Collection<String> names, String nonce) {
    this.mark = "<secret:" + nonce + ":";
    this.pattern = Pattern.compile(Pattern.quote(mark) + "([A-Za-z0-9_-]+)>");
    names.forEach(name -> byName.put(name, mark + name + ">"));
  }

  /**
   * Placeholders of one work order.
   *
   * @param names of the secrets that the workflow declares
   * @param nonce used once, and not to be guessed
   */
  public static Placeholders of(Collection<String> names, String nonce) {
    return names.isEmpty() ? NONE : new Placeholders(names, nonce);
  }

  /** What {@code secrets} is in an expression: the placeholder of each name. */
  public Map<String, Object> scope() {
    return Map.copyOf(byName);
  }

  /** The secrets that the workflow declares. */
  public Set<String> names() {
    return Set.copyOf(byName.keySet());
  }

  /** The secrets that a text has placeholders of. */
  public Set<String> in(String text) {
    Set<String> names = new LinkedHashSet<>();
    if (isIn(text)) {
      pattern.matcher(text).results().forEach(found -> names.add(found.group(1)));
      names.retainAll(byName.keySet());
    }
    return names;
  }

  /** A text with values in the place of placeholders. What a value says is not looked at again. */
  public String filled(String text, Map<String, String> values) {
    if (!isIn(text)) {
      return text;
    }
    return pattern
        .matcher(text)
        .replaceAll(
            found -> Matcher.quoteReplacement(values.getOrDefault(found.group(1), found.group())));
  }

  private boolean isIn(String text) {
    return !byName.isEmpty() && text.contains(mark);
  }

  @Override
  public String toString() {
    return "Placeholders" + byName.keySet();
  }
}
