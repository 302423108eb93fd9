package dev.fanfare.work.shell;

import dev.fanfare.work.Pulse;
import dev.fanfare.work.Yield;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Cuts a stream of bytes into lines as they arrive.
 *
 * <p>What is not UTF-8 is replaced, a carriage return before the line feed is dropped, a line
 * longer than 16 KiB comes in pieces that never split a character, and a last line without its line
 * feed counts.
 */
final class LinePump {

  static final int MAX_LINE_BYTES = 16 << 10;
  private static final int READ_BYTES = 8 << 10;

  private final Consumer<String> lines;
  private final Capture capture;
  private final Pulse pulse;
  private final byte[] line = new byte[MAX_LINE_BYTES];
  private int length;
  private boolean continued;

  /**
   * Makes a pump.
   *
   * @param lines takes each line
   * @param capture keeps the first bytes
   * @param pulse beats whenever bytes arrive
   */
  LinePump(Consumer<String> lines, Capture capture, Pulse pulse) {
    this.lines = lines;
    this.capture = capture;
    this.pulse = pulse;
  }

  /** Reads to the end of the stream. A stream that is torn off counts as ended. */
  void pump(InputStream in) {
    byte[] buffer = new byte[READ_BYTES];
    try (in) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        pulse.beat();
        capture.add(buffer, count);
        for (int i = 0; i < count; i++) {
          take(buffer[i]);
        }
      }
    } catch (IOException closed) {
      length = Math.max(length, 0);
    }
    if (length > 0) {
      emit(length);
    }
  }

  private void take(byte b) {
    if (b == '\n') {
      if (length > 0 || !continued) {
        emit(length > 0 && line[length - 1] == '\r' ? length - 1 : length);
      }
      length = 0;
      continued = false;
      return;
    }
    if (length == MAX_LINE_BYTES) {
      split(b);
    }
    line[length++] = b;
  }

  private void split(byte next) {
    int end = length;
    if (isContinuation(next)) {
      int lead = length - 1;
      while (lead > length - 4 && isContinuation(line[lead])) {
        lead--;
      }
      end = isContinuation(line[lead]) ? length : lead;
    }
    emit(end);
    System.arraycopy(line, end, line, 0, length - end);
    length -= end;
    continued = true;
  }

  private static boolean isContinuation(byte b) {
    return (b & 0xC0) == 0x80;
  }

  private void emit(int end) {
    lines.accept(Yield.cleanText(new String(line, 0, end, StandardCharsets.UTF_8)));
  }
}
