package dev.fanfare.work.files;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How the files of a list are put together into blobs: in its order one after the other until a
 * pack is full, a large one by itself. Follows from the list alone, so that it need not be written
 * down.
 */
final class Packs {

  /** A pack is closed once it has this many bytes; a file of as many is one by itself. */
  static final long FULL = 8L << 20;

  /** Where a file is: its pack, its first byte there, and how many it has. */
  record Place(int pack, long from, long bytes) {}

  /** Files in one blob. */
  record Pack(List<String> names, long bytes) {}

  private final List<Pack> packs = new ArrayList<>();
  private final Map<String, Place> places = new HashMap<>();

  private Packs() {}

  static Packs of(Manifest manifest, long full) {
    Packs all = new Packs();
    List<String> names = new ArrayList<>();
    long bytes = 0;
    for (Map.Entry<String, Entry> each : manifest.entries().entrySet()) {
      Entry entry = each.getValue();
      if (entry.kind() != Entry.Kind.FILE) {
        continue;
      }
      if (bytes > 0 && bytes + entry.size() > full) {
        all.packs.add(new Pack(List.copyOf(names), bytes));
        names.clear();
        bytes = 0;
      }
      all.places.put(each.getKey(), new Place(all.packs.size(), bytes, entry.size()));
      names.add(each.getKey());
      bytes += entry.size();
    }
    if (!names.isEmpty()) {
      all.packs.add(new Pack(List.copyOf(names), bytes));
    }
    return all;
  }

  List<Pack> packs() {
    return packs;
  }

  /** Of a file of the list. */
  Place place(String name) {
    Place place = places.get(name);
    if (place == null) {
      throw new IllegalArgumentException("no file of this layer: " + name);
    }
    return place;
  }
}
