package dev.fanfare.conductor;

import dev.fanfare.blob.Blobs;
import dev.fanfare.blob.Transfers;
import dev.fanfare.engine.Reply;
import dev.fanfare.engine.StepRow;
import dev.fanfare.engine.StoredValue;
import dev.fanfare.json.Json;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Outputs that are too large for a row: blobs under {@code outputs/RUN/SHA-256}, put before the row
 * that refers to them is committed, read when an expression reads them. Blocks. Where the bucket
 * takes nothing the row has the value after all. Safe for use by several threads.
 */
public final class Values {

  /** Outputs of at most this many bytes as JSON are in their rows. */
  public static final int INLINE_BYTES = 32 << 10;

  /** Keeps everything in rows. */
  public static final Values NONE = new Values(Optional.empty(), Optional.empty());

  private static final Logger LOG = System.getLogger(Values.class.getName());
  private static final String ROOT = "outputs/";

  /** Larger than what one step may yield, and than the list of a fan of many. */
  private static final int MOST_BYTES = 64 << 20;

  private static final long REMEMBERED_BYTES = 16L << 20;

  private final Optional<Blobs> blobs;
  private final Optional<Transfers> transfers;

  // Both guarded by the map.
  private final Map<String, Kept> remembered = new LinkedHashMap<>(16, 0.75f, true);
  private long rememberedBytes;

  private record Kept(@Nullable Object value, int bytes) {}

  private Values(Optional<Blobs> blobs, Optional<Transfers> transfers) {
    this.blobs = blobs;
    this.transfers = transfers;
  }

  /** Keeps large ones as blobs, where there are any. */
  public static Values in(Optional<Blobs> blobs, Transfers transfers) {
    return new Values(blobs, Optional.of(transfers));
  }

  /** A decision as it is stored: each large output replaced by a reference to it. */
  Reply.Decided stored(UUID run, Reply.Decided decided) {
    if (blobs.isEmpty() || decided.steps().stream().noneMatch(Values::isLarge)) {
      return decided;
    }
    List<StepRow> rows = new ArrayList<>(decided.steps().size());
    for (StepRow row : decided.steps()) {
      rows.add(isLarge(row) ? stored(run, row) : row);
    }
    return new Reply.Decided(
        decided.run(),
        rows,
        decided.decisions(),
        decided.notes(),
        decided.verdicts(),
        decided.transitions());
  }

  private StepRow stored(UUID run, StepRow row) {
    byte[] json = Json.write(row.output()).getBytes(StandardCharsets.UTF_8);
    if (json.length <= INLINE_BYTES || blobs.isEmpty()) {
      return row;
    }
    String key = run + "/" + sha256(json);
    try {
      if (remembered(key) == null) {
        blobs.get().put(ROOT + key, json);
        remember(key, new Kept(row.output(), json.length));
      }
      return row.withOutput(StoredValue.of(key, json.length));
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "the output of {0} in run {1} is kept in its row: {2}",
          row.path(),
          run,
          e.getMessage());
      return row;
    }
  }

  /** Whether an output may have more bytes than its row takes; cheap where it has few. */
  private static boolean isLarge(StepRow row) {
    return room(row.output(), INLINE_BYTES) < 0;
  }

  /** What is left of some bytes at most when a value is written. */
  private static long room(@Nullable Object value, long left) {
    return switch (value) {
      case String text -> left - 2 - 6L * text.length();
      case Map<?, ?> map -> {
        long rest = left - 2;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          rest = rest < 0 ? rest : room(entry.getValue(), room(entry.getKey(), rest) - 2);
        }
        yield rest;
      }
      case List<?> list -> {
        long rest = left - 2;
        for (Object each : list) {
          rest = rest < 0 ? rest : room(each, rest - 1);
        }
        yield rest;
      }
      case null, default -> left - 24;
    };
  }

  /** Values by their keys, or {@link StoredValue.Missing} where one cannot be had. */
  public Map<String, Object> read(Collection<String> keys) {
    List<Transfers.Task<Map.Entry<String, Object>>> tasks = new ArrayList<>();
    for (String key : keys) {
      tasks.add(() -> Map.entry(key, read(key)));
    }
    Map<String, Object> found = new LinkedHashMap<>();
    if (transfers.isEmpty() || blobs.isEmpty()) {
      keys.forEach(
          key ->
              found.put(
                  key,
                  new StoredValue.Missing(
                      "this output is in a bucket, which FANFARE_BUCKET does not name here")));
      return found;
    }
    try {
      transfers.get().all(tasks).forEach(each -> found.put(each.getKey(), each.getValue()));
      return found;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private Object read(String key) {
    Kept known = remembered(key);
    if (known != null && known.value() != null) {
      return known.value();
    }
    try {
      Optional<byte[]> json = blobs.orElseThrow().get(ROOT + key, MOST_BYTES);
      if (json.isEmpty()) {
        return new StoredValue.Missing(
            "this output was too large for the database and has expired in the bucket; rerun the"
                + " step that yields it");
      }
      Object value = Json.parseOwn(new String(json.get(), StandardCharsets.UTF_8));
      remember(key, new Kept(value, json.get().length));
      return value == null ? new StoredValue.Missing("this output is empty") : value;
    } catch (IOException e) {
      return new StoredValue.Missing("this output cannot be read: " + e.getMessage());
    }
  }

  private @Nullable Kept remembered(String key) {
    synchronized (remembered) {
      return remembered.get(key);
    }
  }

  private void remember(String key, Kept kept) {
    synchronized (remembered) {
      Kept before = remembered.put(key, kept);
      rememberedBytes += kept.bytes() - (before == null ? 0 : before.bytes());
      var eldest = remembered.entrySet().iterator();
      while (rememberedBytes > REMEMBERED_BYTES && eldest.hasNext()) {
        rememberedBytes -= eldest.next().getValue().bytes();
        eldest.remove();
      }
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
