package dev.fanfare.function;

import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * What a person names a run by: its id, or the beginning of it.
 *
 * @param first the smallest id it may mean
 * @param last the largest id it may mean; the same for a whole id
 */
public record RunName(UUID first, UUID last) {

  private static final String TEMPLATE = "00000000-0000-0000-0000-000000000000";
  private static final Pattern FULL = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  private static final Pattern ABBREVIATED = Pattern.compile("[0-9a-f][0-9a-f-]{7,35}");

  /**
   * What a text may mean; empty if it is no id and no beginning of one, of 8 characters or more.
   */
  public static Optional<RunName> of(String named) {
    String text = named.toLowerCase(Locale.ROOT);
    if (FULL.matcher(text).matches()) {
      UUID id = UUID.fromString(text);
      return Optional.of(new RunName(id, id));
    }
    if (!ABBREVIATED.matcher(text).matches() || !hasDashesOfAnId(text)) {
      return Optional.empty();
    }
    return Optional.of(
        new RunName(
            UUID.fromString(text + TEMPLATE.substring(text.length())),
            UUID.fromString(text + TEMPLATE.replace('0', 'f').substring(text.length()))));
  }

  public boolean isWhole() {
    return first.equals(last);
  }

  private static boolean hasDashesOfAnId(String text) {
    for (int i = 0; i < text.length(); i++) {
      if ((text.charAt(i) == '-') != (TEMPLATE.charAt(i) == '-')) {
        return false;
      }
    }
    return true;
  }
}
