package dev.fanfare.work.files;

import dev.fanfare.work.Pulse;
import dev.fanfare.work.Trees;
import dev.fanfare.work.WorkException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an attempt does to a folder between {@link #begin} and {@link #find}.
 *
 * <p>A file whose size, permissions, times and number are what they were has not changed. One that
 * was made in the last tick of the clock before the folder was handed over could have changed
 * within that tick, and is read. So is each file that has changed: one that was written anew with
 * the same bytes counts as unchanged.
 */
final class Changes {

  private static final int BUFFER = 64 << 10;

  private final Path folder;
  private final Pulse pulse;
  private final Map<String, Entry> before = new HashMap<>();
  private final Map<String, Stamp> stamps = new HashMap<>();
  private long newest = Long.MIN_VALUE;

  // What a walk has found.
  private final Set<String> there = new HashSet<>();
  private final SortedMap<String, Entry> changes = new TreeMap<>();
  private final SortedMap<String, Stamp> toRead = new TreeMap<>();
  private final List<String> special = new ArrayList<>();
  private final List<String> left = new ArrayList<>();

  private Changes(Path folder, Pulse pulse) {
    this.folder = folder;
    this.pulse = pulse;
  }

  /** Looks at a folder that holds just this, and the folders around it. */
  static Changes begin(Path folder, Map<String, Composition.Seen> content, Pulse pulse)
      throws IOException {
    Changes changes = new Changes(folder, pulse);
    for (Map.Entry<String, Composition.Seen> each : content.entrySet()) {
      String name = each.getKey();
      Entry entry = each.getValue().entry();
      changes.before.put(name, entry);
      if (entry.kind() == Entry.Kind.FILE) {
        Stamp stamp = Stamp.of(Names.in(folder, name));
        changes.stamps.put(name, stamp);
        changes.newest = Math.max(changes.newest, stamp.changed());
      }
      for (int slash = name.lastIndexOf('/'); slash > 0; slash = name.lastIndexOf('/', slash - 1)) {
        changes.before.putIfAbsent(name.substring(0, slash), Entry.folder(-1));
      }
    }
    return changes;
  }

  /** Names of pipes, sockets and devices, which no layer can keep. */
  List<String> special() {
    return special;
  }

  /** Names of files that were changed outside of {@code writes}. */
  List<String> left() {
    return left;
  }

  /**
   * Finds every change.
   *
   * @param writes only what is at or below one of these; empty for everything
   * @param tally counts what is in the folder
   * @throws WorkException code {@code workspace_too_large} or {@code workspace_link}
   */
  SortedMap<String, Entry> find(List<String> writes, Tally tally)
      throws IOException, WorkException {
    walk(folder, tally);
    tally.check();
    before.forEach(
        (name, entry) -> {
          if (!there.contains(name)) {
            boolean wasFolder = entry.kind() == Entry.Kind.FOLDER;
            changes.put(name, wasFolder ? Entry.goneFolder() : Entry.gone());
          }
        });
    if (!writes.isEmpty()) {
      keepOnly(writes);
    }
    for (Map.Entry<String, Entry> each : changes.entrySet()) {
      if (each.getValue().kind() == Entry.Kind.LINK) {
        each.setValue(Links.kept(folder, each.getKey()));
      }
    }
    for (Map.Entry<String, Stamp> each : toRead.entrySet()) {
      read(each.getKey(), each.getValue());
    }
    return changes;
  }

  private void keepOnly(List<String> writes) {
    toRead.forEach(
        (name, stamp) -> {
          if (!stamp.equals(stamps.get(name)) && !Composition.isBelow(name, writes)) {
            left.add(name);
          }
        });
    changes.forEach(
        (name, entry) -> {
          boolean folder =
              entry.kind() == Entry.Kind.FOLDER || entry.kind() == Entry.Kind.GONE_FOLDER;
          if (!folder && !Composition.isBelow(name, writes)) {
            left.add(name);
          }
        });
    changes.keySet().removeIf(name -> !Composition.isBelow(name, writes));
    toRead.keySet().removeIf(name -> !Composition.isBelow(name, writes));
  }

  private void walk(Path from, Tally tally) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes)
              throws IOException {
            if (!visited.equals(from)) {
              folder(visited);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            file(file, attributes, tally);
            return tally.isOver() ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure)
              throws IOException {
            if (failure instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            if (!(failure instanceof AccessDeniedException)) {
              throw failure;
            }
            // A folder that its owner may not list: it is about to be removed, so it is opened.
            folder(file);
            Trees.makeWritable(file);
            if (!Files.isReadable(file)) {
              throw failure;
            }
            walk(file, tally);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private void folder(Path visited) throws IOException {
    String name = Names.of(folder, visited);
    there.add(name);
    Entry known = before.get(name);
    if (known == null || known.kind() != Entry.Kind.FOLDER) {
      changes.put(name, Entry.folder(Trees.mode(visited)));
    }
  }

  private void file(Path file, BasicFileAttributes attributes, Tally tally) throws IOException {
    String name = Names.of(folder, file);
    if (attributes.isOther()) {
      special.add(name);
      return;
    }
    there.add(name);
    tally.add(name, attributes.isRegularFile() ? attributes.size() : 0);
    if (attributes.isSymbolicLink()) {
      Entry link = Entry.link(Names.ofTarget(Files.readSymbolicLink(file)));
      if (!link.equals(before.get(name))) {
        changes.put(name, link);
      }
      return;
    }
    Stamp now = Stamp.of(file);
    Stamp known = stamps.get(name);
    if (known == null || !now.equals(known) || known.changed() == newest) {
      toRead.put(name, now);
    }
  }

  private void read(String name, Stamp stamp) throws IOException {
    Path file = Names.in(folder, name);
    if (stamp.mode() >= 0 && (stamp.mode() & 0400) == 0) {
      Trees.setMode(file, stamp.mode() | 0400);
    }
    Entry entry = Entry.file(stamp.size(), stamp.mode(), stamp.modified(), sha256(file));
    Entry known = before.get(name);
    if (known == null || !known.isLike(entry)) {
      changes.put(name, entry);
    }
  }

  private String sha256(Path file) throws IOException {
    MessageDigest digest = LayerName.sha256();
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
        pulse.beat();
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
