package dev.fanfare.function;

import dev.fanfare.blob.Blobs;
import dev.fanfare.store.LogStore;
import dev.fanfare.work.files.LayerName;
import dev.fanfare.work.log.LogChunk;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The logs of steps: rows, and where there is a bucket, blobs for what is large.
 *
 * <p>A chunk has a row in any case, by which it is found. The first chunk of an attempt, and every
 * small one, has its text in the row too: most logs are no more than that, and cost no further
 * request. The text of others is a blob, {@code logs/RUN/STEP-ATTEMPT/CHUNK}, put before the row,
 * whose text stays empty, which that of a chunk never is. Where the bucket takes nothing the row
 * has the text after all. Lines are covered before they come here.
 */
public final class LogBook {

  private static final Logger LOG = System.getLogger(LogBook.class.getName());

  /** A chunk of fewer characters is a row. */
  private static final int SMALL = 8 << 10;

  /** More than a chunk ever has. */
  private static final int MOST = 1 << 20;

  private final LogStore rows;
  private final Optional<Blobs> blobs;
  private final Storage storage;

  LogBook(LogStore rows, Storage storage) {
    this.rows = rows;
    this.blobs = storage.blobs();
    this.storage = storage;
  }

  private static String key(UUID run, String step, int attempt, int chunk) {
    return "logs/" + run + "/" + new LayerName(step, attempt).plain() + "/" + chunk;
  }

  Uni<Void> append(LogChunk chunk) {
    boolean isRow = blobs.isEmpty() || chunk.chunk() == 0 || chunk.text().length() < SMALL;
    if (isRow) {
      return row(chunk, chunk.text());
    }
    // As PostgreSQL would keep it, which has no NUL.
    byte[] text = chunk.text().replace('\0', '\uFFFD').getBytes(StandardCharsets.UTF_8);
    String key = key(chunk.run(), chunk.step(), chunk.attempt(), chunk.chunk());
    return Uni.createFrom()
        .completionStage(() -> storage.transfers().later(() -> blobs.get().put(key, text)))
        .map(done -> "")
        .onFailure()
        .recoverWithItem(
            failure -> {
              LOG.log(Level.WARNING, "a log is kept in rows: {0}", failure.getMessage());
              return chunk.text();
            })
        .chain(inRow -> row(chunk, inRow));
  }

  private Uni<Void> row(LogChunk chunk, String text) {
    return rows.append(
        chunk.run(),
        new LogStore.Chunk(
            chunk.step(), chunk.attempt(), chunk.chunk(), chunk.firstLine(), chunk.lines(), text));
  }

  /** A step's chunks after a place; start with attempt 0, chunk -1. */
  public Uni<List<LogStore.Chunk>> ofStep(
      UUID run, String step, int attempt, int chunk, int limit) {
    return rows.ofStep(run, step, attempt, chunk, limit).chain(found -> whole(run, found));
  }

  /** A step's chunks before a place, the last one first. */
  public Uni<List<LogStore.Chunk>> ofStepBefore(
      UUID run, String step, int attempt, int chunk, int limit) {
    return rows.ofStepBefore(run, step, attempt, chunk, limit).chain(found -> whole(run, found));
  }

  /** A run's chunks after a place, step by step; start with an empty step, attempt 0, chunk -1. */
  public Uni<List<LogStore.Chunk>> ofRun(UUID run, String step, int attempt, int chunk, int limit) {
    return rows.ofRun(run, step, attempt, chunk, limit).chain(found -> whole(run, found));
  }

  private Uni<List<LogStore.Chunk>> whole(UUID run, List<LogStore.Chunk> found) {
    if (found.stream().noneMatch(chunk -> chunk.body().isEmpty())) {
      return Uni.createFrom().item(found);
    }
    List<Uni<LogStore.Chunk>> all = new ArrayList<>(found.size());
    for (LogStore.Chunk chunk : found) {
      all.add(
          chunk.body().isEmpty()
              ? Uni.createFrom()
                  .completionStage(() -> storage.transfers().later(() -> whole(run, chunk)))
              : Uni.createFrom().item(chunk));
    }
    return Uni.join().all(all).andFailFast();
  }

  private LogStore.Chunk whole(UUID run, LogStore.Chunk chunk) {
    String text;
    try {
      String key = key(run, chunk.step(), chunk.attempt(), chunk.chunk());
      text =
          blobs.isEmpty()
              ? note(chunk, "are in a bucket, which FANFARE_BUCKET does not name here")
              : blobs
                  .get()
                  .get(key, MOST)
                  .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                  .orElseGet(() -> note(chunk, "have expired and are gone"));
    } catch (IOException e) {
      text = note(chunk, "cannot be read: " + String.valueOf(e.getMessage()).replace('\n', ' '));
    }
    return new LogStore.Chunk(
        chunk.step(), chunk.attempt(), chunk.chunk(), chunk.firstLine(), chunk.lines(), text);
  }

  /** A remark in the place of lines. */
  private static String note(LogStore.Chunk chunk, String what) {
    return "n0 … " + chunk.lines() + " lines of this log " + what + "\n";
  }
}
