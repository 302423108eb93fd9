package dev.fanfare.dialect.dagu;

import dev.fanfare.dialect.dagu.Piece.Command;
import dev.fanfare.dialect.dagu.Piece.Plain;
import dev.fanfare.dialect.dagu.Piece.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes texts apart. */
final class Texts {

  private static final Pattern REFERENCE =
      Pattern.compile(
          "\\$\\{([A-Za-z_][A-Za-z0-9_]*|[0-9]+)((?:\\.[A-Za-z0-9_-]+|\\[[0-9]+\\])*+)"
              + "(?::?-([^}]*+))?\\}|\\$([A-Za-z_][A-Za-z0-9_]*+|[0-9])");

  private static final Pattern STEP = Pattern.compile("[A-Za-z0-9_-]+|\\[[0-9]+\\]");

  private Texts() {}

  static List<Piece> pieces(String text) {
    List<Piece> pieces = new ArrayList<>();
    StringBuilder plain = new StringBuilder();
    Matcher reference = REFERENCE.matcher(text);
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      int end = at;
      if (c == '\\' && text.startsWith("\\$", at)) {
        plain.append('$');
        at += 2;
        continue;
      }
      if (c == '$' && reference.find(at) && reference.start() == at) {
        flush(plain, pieces);
        pieces.add(reference(reference));
        end = reference.end();
      } else if (c == '`' || text.startsWith("$(", at)) {
        end = c == '`' ? closingTick(text, at) : closingParenthesis(text, at);
        if (end > at) {
          flush(plain, pieces);
          pieces.add(new Command(text.substring(at, end)));
        }
      }
      if (end == at) {
        plain.append(c);
        end = at + 1;
      }
      at = end;
    }
    flush(plain, pieces);
    return pieces;
  }

  private static void flush(StringBuilder plain, List<Piece> pieces) {
    if (!plain.isEmpty()) {
      pieces.add(new Plain(plain.toString()));
      plain.setLength(0);
    }
  }

  private static Reference reference(Matcher found) {
    if (found.group(4) != null) {
      return new Reference(found.group(), found.group(4), List.of(), Optional.empty());
    }
    List<String> path = STEP.matcher(found.group(2)).results().map(step -> step.group()).toList();
    return new Reference(found.group(), found.group(1), path, Optional.ofNullable(found.group(3)));
  }

  private static int closingTick(String text, int at) {
    return text.indexOf('`', at + 1) + 1 > at ? text.indexOf('`', at + 1) + 1 : at;
  }

  private static int closingParenthesis(String text, int at) {
    int depth = 0;
    for (int i = at + 1; i < text.length(); i++) {
      if (text.charAt(i) == '(') {
        depth++;
      } else if (text.charAt(i) == ')') {
        depth--;
        if (depth == 0) {
          return i + 1;
        }
      }
    }
    return at;
  }

  static List<Reference> references(String text) {
    return pieces(text).stream()
        .filter(Reference.class::isInstance)
        .map(Reference.class::cast)
        .toList();
  }

  /** Every reference in a script, also inside the commands that it calls. */
  static List<Reference> everyReference(String script) {
    return REFERENCE
        .matcher(script)
        .results()
        .filter(found -> found.start() == 0 || script.charAt(found.start() - 1) != '\\')
        .map(found -> references(found.group()).getFirst())
        .toList();
  }

  static boolean hasCommand(String text) {
    return pieces(text).stream().anyMatch(Command.class::isInstance);
  }

  /** A text as one word of a shell in which variables and commands are still expanded. */
  static String live(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  /** A text as one word of a shell that means itself. */
  static String dead(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  /** A text as one word of a shell in which variables are expanded and commands are not. */
  static String still(String text) {
    return live(text).replace("`", "\\`").replace("$(", "\\$(");
  }

  /**
   * Parameters as they are written in one text: {@code a b KEY="some text"}. Those without a name
   * have the names 1, 2, ...
   */
  static List<Param> params(String text) {
    List<Param> params = new ArrayList<>();
    Matcher words =
        Pattern.compile(
                "(?:([A-Za-z_][A-Za-z0-9_]*)=)?+(\"(?:[^\"\\\\]|\\\\.)*+\"|'[^']*+'|`[^`]*+`|(?:\\$\\([^)]*+\\)|\\S)++)"
                    + "|([A-Za-z_][A-Za-z0-9_]*)=(?=\\s|$)")
            .matcher(text);
    int position = 0;
    while (words.find()) {
      position++;
      if (words.group(3) != null) {
        params.add(new Param(words.group(3), ""));
      } else {
        String name = words.group(1) == null ? Integer.toString(position) : words.group(1);
        params.add(new Param(name, unquoted(words.group(2))));
      }
    }
    return params;
  }

  /** A parameter as somebody wrote it. */
  record Param(String name, String value) {}

  private static String unquoted(String word) {
    if (word.length() >= 2 && word.startsWith("\"") && word.endsWith("\"")) {
      return word.substring(1, word.length() - 1).replace("\\\"", "\"").replace("\\\\", "\\");
    }
    return word.length() >= 2 && word.startsWith("'") && word.endsWith("'")
        ? word.substring(1, word.length() - 1)
        : word;
  }
}
