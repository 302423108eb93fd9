package dev.fanfare.work.files;

import dev.fanfare.work.WorkException;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Names of files as text: relative to a folder, with {@code /} between folders, every byte that is
 * not printable ASCII written as {@code %XX}. Exact for any name in any locale of the machine,
 * where {@code Path.toString()} is not.
 */
final class Names {

  private static final String HEX = "0123456789ABCDEF";
  private static final char REPLACEMENT = '\uFFFD';
  private static final boolean UTF_8 =
      System.getProperty("sun.jnu.encoding", "").equalsIgnoreCase("UTF-8");

  private Names() {}

  static String of(Path folder, Path file) {
    StringBuilder name = new StringBuilder();
    for (Path element : folder.relativize(file)) {
      if (!name.isEmpty()) {
        name.append('/');
      }
      escape(bytes(element), name);
    }
    return name.toString();
  }

  /**
   * The name of a path that a person wrote; empty for the folder itself.
   *
   * @throws WorkException code {@code path_outside_workspace}
   */
  static String written(String path) throws WorkException {
    List<String> elements = new ArrayList<>();
    for (String element : path.split("/", -1)) {
      if (element.equals("..") || path.startsWith("/")) {
        throw new WorkException(
            "path_outside_workspace",
            "The path \"%s\" leads out of the run's workspace. Use a path inside it."
                .formatted(path));
      }
      if (!element.isEmpty() && !element.equals(".")) {
        StringBuilder escaped = new StringBuilder();
        escape(element.getBytes(StandardCharsets.UTF_8), escaped);
        elements.add(escaped.toString());
      }
    }
    return String.join("/", elements);
  }

  static Path in(Path folder, String name) {
    if (name.indexOf('%') < 0) {
      return folder.resolve(name);
    }
    Path path = folder;
    for (String element : name.split("/", -1)) {
      byte[] bytes = unescape(element);
      path =
          isAscii(bytes)
              ? path.resolve(new String(bytes, StandardCharsets.US_ASCII))
              : path.resolve(element(bytes));
    }
    return path;
  }

  /** For messages. */
  static String shown(String name) {
    return name.indexOf('%') < 0
        ? name
        : new String(unescape(name), StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "?");
  }

  /** Whether a path is at or below another. */
  static boolean isWithin(String name, String prefix) {
    return prefix.isEmpty()
        || name.equals(prefix)
        || (name.length() > prefix.length()
            && name.charAt(prefix.length()) == '/'
            && name.startsWith(prefix));
  }

  /** A path as text, whatever it leads to: of a link. */
  static String ofTarget(Path target) {
    StringBuilder name = new StringBuilder(target.isAbsolute() ? "/" : "");
    boolean first = true;
    for (Path element : target) {
      if (!first) {
        name.append('/');
      }
      escape(bytes(element), name);
      first = false;
    }
    return name.toString();
  }

  static Path target(Path folder, String name) {
    Path empty = folder.getFileSystem().getPath("");
    Path path = empty;
    for (String element : name.split("/", -1)) {
      byte[] bytes = unescape(element);
      Path next =
          isAscii(bytes)
              ? folder.getFileSystem().getPath(new String(bytes, StandardCharsets.US_ASCII))
              : element(bytes);
      path = path.equals(empty) ? next : path.resolve(next);
    }
    return path;
  }

  private static byte[] bytes(Path element) {
    String shown = element.toString();
    byte[] text = shown.getBytes(StandardCharsets.UTF_8);
    if (isAscii(text) || (UTF_8 && shown.indexOf(REPLACEMENT) < 0)) {
      return text;
    }
    // The only way to the bytes of a name that the machine's locale cannot express.
    String uri = element.getFileSystem().getPath("/").resolve(element).toUri().getRawPath();
    String escaped = uri.substring(1, uri.endsWith("/") ? uri.length() - 1 : uri.length());
    return unescape(escaped);
  }

  private static Path element(byte[] bytes) {
    StringBuilder uri = new StringBuilder("file:///");
    for (byte each : bytes) {
      hex(each, uri);
    }
    Path path = Path.of(URI.create(uri.toString())).getFileName();
    if (path == null) {
      throw new IllegalArgumentException("no name of a file");
    }
    return path;
  }

  private static boolean isAscii(byte[] bytes) {
    for (byte each : bytes) {
      if (each <= 0) {
        return false;
      }
    }
    return true;
  }

  private static void escape(byte[] bytes, StringBuilder into) {
    for (byte each : bytes) {
      if (each > 0x20 && each < 0x7F && each != '%') {
        into.append((char) each);
      } else {
        hex(each, into);
      }
    }
  }

  private static void hex(byte each, StringBuilder into) {
    into.append('%').append(HEX.charAt((each >> 4) & 0xF)).append(HEX.charAt(each & 0xF));
  }

  private static byte[] unescape(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        bytes.write(Integer.parseInt(text, i + 1, i + 3, 16));
        i += 2;
      } else {
        bytes.write(c);
      }
    }
    return bytes.toByteArray();
  }
}
