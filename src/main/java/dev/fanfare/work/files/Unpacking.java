package dev.fanfare.work.files;

import dev.fanfare.blob.Blobs;
import dev.fanfare.work.Pulse;
import dev.fanfare.work.Trees;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Files that one request brings out of one pack: those that are near each other. */
record Unpacking(Manifest manifest, int pack, List<Part> parts) {

  /** Reading this many bytes that nobody wants costs less than another request. */
  private static final long GAP = 256 << 10;

  private static final int BUFFER = 64 << 10;

  /** A file and where it is. */
  record Part(String name, Packs.Place place) {}

  /** The fewest requests that bring these files. */
  static List<Unpacking> of(Manifest manifest, Packs packs, List<String> names) {
    List<Part> parts = new ArrayList<>();
    names.forEach(name -> parts.add(new Part(name, packs.place(name))));
    parts.sort(
        Comparator.comparingInt((Part part) -> part.place().pack())
            .thenComparingLong(part -> part.place().from()));
    List<Unpacking> all = new ArrayList<>();
    List<Part> near = new ArrayList<>();
    for (Part part : parts) {
      if (!near.isEmpty() && !isNear(near.getLast().place(), part.place())) {
        all.add(new Unpacking(manifest, near.getFirst().place().pack(), List.copyOf(near)));
        near.clear();
      }
      near.add(part);
    }
    if (!near.isEmpty()) {
      all.add(new Unpacking(manifest, near.getFirst().place().pack(), List.copyOf(near)));
    }
    return all;
  }

  private static boolean isNear(Packs.Place one, Packs.Place next) {
    return one.pack() == next.pack() && next.from() - (one.from() + one.bytes()) <= GAP;
  }

  /**
   * Writes the files into a folder.
   *
   * @param before bytes of the blob before the pack
   * @return how many
   */
  int into(Path folder, Blobs blobs, String key, long before, Pulse pulse) throws IOException {
    long from = parts.getFirst().place().from();
    long to = parts.getLast().place().from() + parts.getLast().place().bytes();
    try (InputStream in =
        blobs
            .read(key, before + from, to - from)
            .orElseThrow(
                () ->
                    new IOException(
                        blobs
                            + " has no "
                            + key
                            + " any more: the files of this run have expired"))) {
      long at = from;
      byte[] buffer = new byte[BUFFER];
      for (Part part : parts) {
        in.skipNBytes(part.place().from() - at);
        write(in, Names.in(folder, part.name()), part, buffer, pulse);
        at = part.place().from() + part.place().bytes();
      }
    }
    return parts.size();
  }

  private void write(InputStream in, Path file, Part part, byte[] buffer, Pulse pulse)
      throws IOException {
    Entry entry = Objects.requireNonNull(manifest.entries().get(part.name()));
    try (OutputStream out =
        Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      long left = part.place().bytes();
      while (left > 0) {
        int count = in.read(buffer, 0, (int) Math.min(left, buffer.length));
        if (count < 0) {
          throw new EOFException("the file " + Names.shown(part.name()) + " is not whole");
        }
        out.write(buffer, 0, count);
        left -= count;
        pulse.beat();
      }
    }
    Files.setLastModifiedTime(file, FileTime.from(entry.modified(), TimeUnit.NANOSECONDS));
    if (entry.mode() >= 0) {
      Trees.setMode(file, entry.mode());
    }
    pulse.beat();
  }
}
