package dev.fanfare.work.shell;

import dev.fanfare.secret.Masker;
import dev.fanfare.work.Pulse;
import dev.fanfare.work.Yield;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Cuts a stream of bytes into lines as they arrive.
 *
 * <p>What is not UTF-8 is replaced, a carriage return before the line feed is dropped, a line
 * longer than 16 Ki characters comes in pieces that split neither a character nor a secret, and a
 * last line without its line feed counts.
 */
final class LinePump {

  static final int MAX_LINE = 16 << 10;
  private static final int READ_BYTES = 8 << 10;

  private final Consumer<String> lines;
  private final Capture capture;
  private final Pulse pulse;
  private final Masker masker;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private final StringBuilder line = new StringBuilder();
  private boolean continued;

  /**
   * Makes a pump.
   *
   * @param lines takes each line
   * @param capture keeps the first bytes
   * @param pulse beats whenever bytes arrive
   * @param masker says where a line must not be cut; it covers nothing here
   */
  LinePump(Consumer<String> lines, Capture capture, Pulse pulse, Masker masker) {
    this.lines = lines;
    this.capture = capture;
    this.pulse = pulse;
    this.masker = masker;
  }

  /** Reads to the end of the stream. A stream that is torn off counts as ended. */
  void pump(InputStream in) {
    byte[] buffer = new byte[READ_BYTES];
    // A character whose bytes have not all arrived waits in front.
    ByteBuffer bytes = ByteBuffer.allocate(READ_BYTES + 8);
    CharBuffer characters = CharBuffer.allocate(READ_BYTES + 8);
    try (in) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        pulse.beat();
        capture.add(buffer, count);
        take(bytes.put(buffer, 0, count), characters, false);
      }
    } catch (IOException closed) {
      continued = false;
    }
    take(bytes, characters, true);
    if (!line.isEmpty()) {
      emit(line.length());
    }
  }

  private void take(ByteBuffer bytes, CharBuffer characters, boolean end) {
    decoder.decode(bytes.flip(), characters, end);
    if (end) {
      decoder.flush(characters);
    }
    bytes.compact();
    characters.flip();
    while (characters.hasRemaining()) {
      take(characters.get());
    }
    characters.clear();
  }

  private void take(char c) {
    if (c != '\n') {
      line.append(c);
      if (line.length() > MAX_LINE + masker.reach()) {
        emit(masker.cut(line.toString(), MAX_LINE));
        continued = true;
      }
      return;
    }
    int length = line.length();
    if (length > 0 || !continued) {
      boolean crlf = length > 0 && line.charAt(length - 1) == '\r';
      emit(crlf ? length - 1 : length);
    }
    line.setLength(0);
    continued = false;
  }

  private void emit(int end) {
    lines.accept(Yield.cleanText(line.substring(0, end)));
    line.delete(0, end);
  }
}
