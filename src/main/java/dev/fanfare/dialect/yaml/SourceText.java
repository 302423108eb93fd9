package dev.fanfare.dialect.yaml;

import dev.fanfare.definition.SourceSpan;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** Bytes as text: UTF-8 with or without a byte order mark, printable characters only. */
final class SourceText {

  private final String text;
  private final int[] codePoints;

  private SourceText(String text) {
    this.text = text;
    this.codePoints = text.codePoints().toArray();
  }

  static SourceText decode(byte[] content) throws YamlRefusal {
    refuseOtherEncodings(content);
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(content);
    CharBuffer out = CharBuffer.allocate(content.length);
    CoderResult result = decoder.decode(in, out, true);
    String text = withoutMark(out.flip().toString());
    if (result.isError()) {
      throw notUtf8(content[in.position()], endOf(text));
    }
    refuseControlCharacters(text);
    return new SourceText(text);
  }

  /** The same with other characters; lines stay lines. */
  static SourceText of(String text) {
    return new SourceText(text);
  }

  String text() {
    return text;
  }

  int[] codePoints() {
    return codePoints;
  }

  /** The characters of a line, counted from 1, without its end. */
  String line(int number) {
    return text.lines().skip(Math.max(0, number - 1L)).findFirst().orElse("");
  }

  private static String withoutMark(String text) {
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private static void refuseOtherEncodings(byte[] content) throws YamlRefusal {
    boolean wide =
        content.length >= 2
            && ((content[0] == (byte) 0xFE && content[1] == (byte) 0xFF)
                || (content[0] == (byte) 0xFF && content[1] == (byte) 0xFE));
    if (wide) {
      throw new YamlRefusal(
          "yaml-encoding",
          "the file is written in UTF-16",
          new SourceSpan(1, 1),
          "save it as UTF-8");
    }
  }

  private static YamlRefusal notUtf8(byte wrong, SourceSpan span) {
    return new YamlRefusal(
        "yaml-encoding",
        String.format(Locale.ROOT, "the byte 0x%02X is not UTF-8 text", wrong & 0xFF),
        span,
        "a workflow file is text in UTF-8; save it as such, or check that it is the right file");
  }

  private static void refuseControlCharacters(String text) throws YamlRefusal {
    int line = 1;
    int column = 1;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      if (!StreamReader.isPrintable(c)) {
        throw new YamlRefusal(
            "yaml-encoding",
            String.format(Locale.ROOT, "the character U+%04X is not allowed in YAML", c),
            new SourceSpan(line, column),
            "a workflow file is text; inside double quotes the character can be escaped");
      }
      i += Character.charCount(c);
      boolean lineEnd = c == '\n' || (c == '\r' && !(i < text.length() && text.charAt(i) == '\n'));
      line = lineEnd ? line + 1 : line;
      column = lineEnd ? 1 : column + 1;
    }
  }

  private static SourceSpan endOf(String text) {
    int lineStart = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1;
    int line = 1;
    for (int i = 0; i < lineStart; i++) {
      char c = text.charAt(i);
      boolean pair = c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n';
      line += (c == '\n' || c == '\r') && !pair ? 1 : 0;
    }
    return new SourceSpan(line, text.codePointCount(lineStart, text.length()) + 1);
  }
}
