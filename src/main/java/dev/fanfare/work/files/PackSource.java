package dev.fanfare.work.files;

import dev.fanfare.blob.Blobs;
import dev.fanfare.work.Pulse;
import dev.fanfare.work.Trees;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** The bytes of files one after the other, each as long as its list says. */
record PackSource(Path folder, Manifest manifest, Packs.Pack pack, Pulse pulse)
    implements Blobs.Source {

  @Override
  public InputStream open() throws IOException {
    return new Bytes(pack.names().iterator());
  }

  private final class Bytes extends InputStream {
    private final Iterator<String> names;
    private String name = "";
    private @Nullable InputStream file;
    private long left;

    Bytes(Iterator<String> names) {
      this.names = names;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      int count = read(one, 0, 1);
      return count < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      while (left == 0 && names.hasNext()) {
        next();
      }
      if (left == 0 || length == 0) {
        return left == 0 ? -1 : 0;
      }
      int count = file == null ? -1 : file.read(into, offset, (int) Math.min(left, length));
      if (count < 0) {
        throw new IOException(
            "the file " + Names.shown(name) + " became shorter while it was being kept");
      }
      left -= count;
      pulse.beat();
      return count;
    }

    private void next() throws IOException {
      close();
      name = names.next();
      Entry entry = manifest.entries().get(name);
      left = entry == null ? 0 : entry.size();
      Path path = Names.in(folder, name);
      file = left == 0 && Files.isRegularFile(path) ? null : opened(path);
    }

    @Override
    public void close() throws IOException {
      if (file != null) {
        file.close();
        file = null;
      }
    }
  }

  /** A file that its owner may not read is made readable: its list has its permissions. */
  private static InputStream opened(Path file) throws IOException {
    try {
      return Files.newInputStream(file);
    } catch (AccessDeniedException e) {
      Path around = file.getParent();
      if (around != null) {
        Trees.makeWritable(around);
      }
      Trees.setMode(file, Trees.mode(file) | 0400);
      return Files.newInputStream(file);
    }
  }
}
