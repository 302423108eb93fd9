import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Packs a zip for Lambda anew: {@code java Repack.java FROM TO}.
 *
 * <p>The jars in it are stored, not compressed, and the zip around them is: a third smaller, since
 * one compression sees a whole jar, and classes are read without inflating them at each cold start.
 * Entries are sorted and carry no time: the same classes make the same bytes. Two builds of the
 * same sources still differ in a few bytes: Quarkus numbers the values in the start-up code that it
 * records ({@code proxykey47}) as its parallel build steps come to them.
 */
final class Repack {

  /** The first second that a zip can name, in local time. */
  private static final java.time.LocalDateTime TIME = java.time.LocalDateTime.of(1980, 1, 1, 0, 0);

  private static final int LEVEL = 9;

  /** Native code of a compression that no answer has: nothing asks for it before it is there. */
  private static final String LEFT_OUT = "lib/com.aayushatharva.brotli4j.native-";

  private Repack() {}

  public static void main(String[] args) throws IOException {
    Map<String, byte[]> entries = entries(Files.readAllBytes(Path.of(args[0])));
    Path made = Path.of(args[1] + ".part");
    try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(made), 1 << 16);
        ZipOutputStream zip = new ZipOutputStream(file)) {
      zip.setLevel(LEVEL);
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        if (entry.getKey().startsWith(LEFT_OUT)) {
          continue;
        }
        zip.putNextEntry(named(entry.getKey()));
        zip.write(entry.getKey().endsWith(".jar") ? stored(entry.getValue()) : entry.getValue());
        zip.closeEntry();
      }
    }
    Files.move(made, Path.of(args[1]), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  private static byte[] stored(byte[] jar) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(jar.length * 3);
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      Map<String, byte[]> entries = entries(jar);
      // Where a manifest is looked for without searching.
      byte[] manifest = entries.remove("META-INF/MANIFEST.MF");
      if (manifest != null) {
        store(zip, "META-INF/MANIFEST.MF", manifest);
      }
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        store(zip, entry.getKey(), entry.getValue());
      }
    }
    return bytes.toByteArray();
  }

  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    ZipEntry entry = named(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    CRC32 crc = new CRC32();
    crc.update(content);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  private static ZipEntry named(String name) {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(TIME);
    return entry;
  }

  /** The files by their names; the first of one name counts, as it does for a class loader. */
  private static Map<String, byte[]> entries(byte[] zip) throws IOException {
    Map<String, byte[]> entries = new TreeMap<>();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        if (!entry.isDirectory()) {
          entries.putIfAbsent(entry.getName(), in.readAllBytes());
        }
      }
    }
    return entries;
  }
}
