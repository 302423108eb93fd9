package dev.fanfare.work.files;

import dev.fanfare.blob.Blobs;
import dev.fanfare.work.files.Manifest.Usage;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the layers of a run take: the sum of what the keys of empty blobs say, a thousand for each
 * request. Looked up again after a while, since other processes add to it; longer after where that
 * took long.
 */
final class Usages {

  private static final Pattern KEY = Pattern.compile("([0-9]{1,18})-([0-9]{1,18})-.*");

  /** Part of the time that may be spent on it: a twentieth. */
  private static final int REST = 20;

  private static final int REMEMBERED_RUNS = 100;

  private record Known(Usage usage, long atNanos, long lastedNanos) {}

  private final Blobs blobs;

  // Guarded by itself.
  private final Map<RunFiles, Known> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<RunFiles, Known> eldest) {
          return size() > REMEMBERED_RUNS;
        }
      };

  Usages(Blobs blobs) {
    this.blobs = blobs;
  }

  void add(RunFiles run, LayerName name, Usage usage) throws IOException {
    String key =
        BlobLayers.usagePrefix(run) + usage.bytes() + "-" + usage.files() + "-" + name.plain();
    blobs.put(key, new byte[0]);
    synchronized (known) {
      known.computeIfPresent(
          run,
          (same, before) ->
              new Known(before.usage().plus(usage), before.atNanos(), before.lastedNanos()));
    }
  }

  Usage of(RunFiles run) throws IOException {
    long begun = System.nanoTime();
    synchronized (known) {
      Known before = known.get(run);
      if (before != null && begun - before.atNanos() < REST * before.lastedNanos()) {
        return before.usage();
      }
    }
    String prefix = BlobLayers.usagePrefix(run);
    Usage usage = Usage.NONE;
    for (String key : blobs.list(prefix)) {
      Matcher matcher = KEY.matcher(key.substring(prefix.length()));
      if (matcher.matches()) {
        usage =
            usage.plus(
                new Usage(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))));
      }
    }
    long now = System.nanoTime();
    synchronized (known) {
      known.put(run, new Known(usage, now, now - begun));
    }
    return usage;
  }
}
