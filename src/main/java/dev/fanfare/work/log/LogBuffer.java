package dev.fanfare.work.log;

import dev.fanfare.secret.Masker;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Cuts the lines of one attempt into chunks and delivers them in order. */
public final class LogBuffer implements LogSink {

  private static final System.Logger LOGGER = System.getLogger(LogBuffer.class.getName());
  private static final int DELIVERY_RETRIES = 5;

  private final UUID run;
  private final String step;
  private final int attempt;
  private final LogLimits limits;
  private final Masker masker;
  private final Function<LogChunk, Uni<Void>> delivery;
  private final long openedAt = System.nanoTime();

  // All below is guarded by this.
  private final StringBuilder rows = new StringBuilder();
  private final Queue<LogChunk> ready = new ArrayDeque<>();
  private final CompletableFuture<Void> delivered = new CompletableFuture<>();
  private int rowCount;
  private int rowBytes;
  private int chunkCount;
  private long lineCount;
  private long byteCount;
  private boolean cut;
  private boolean closed;
  private boolean delivering;
  private @Nullable ScheduledFuture<?> timer;

  /**
   * A log with the default limits and nothing masked.
   *
   * @param delivery keeps a chunk; called with one chunk after another, the next one only after the
   *     returned Uni has ended
   */
  public LogBuffer(UUID run, String step, int attempt, Function<LogChunk, Uni<Void>> delivery) {
    this(run, step, attempt, LogLimits.DEFAULT, Masker.NONE, delivery);
  }

  /**
   * A log.
   *
   * @param masker covers the secrets in every line before anything is cut
   */
  public LogBuffer(
      UUID run,
      String step,
      int attempt,
      LogLimits limits,
      Masker masker,
      Function<LogChunk, Uni<Void>> delivery) {
    this.run = run;
    this.step = step;
    this.attempt = attempt;
    this.limits = limits;
    this.masker = masker;
    this.delivery = delivery;
  }

  @Override
  public Masker masker() {
    return masker;
  }

  @Override
  public void line(LogStream stream, String text) {
    String shown = masker.mask(text);
    if (shown.indexOf('\n') < 0) {
      append(stream, shown);
    } else {
      shown.lines().forEach(part -> append(stream, part));
    }
    deliver();
  }

  private synchronized void append(LogStream stream, String text) {
    if (cut || closed) {
      return;
    }
    int bytes = utf8Length(text);
    boolean tooManyBytes = byteCount + bytes > limits.bytes();
    if (tooManyBytes || lineCount >= limits.lines()) {
      cut = true;
      String limit = limits.describe(tooManyBytes);
      addRow(
          LogStream.NOTE,
          "… output cut after %d lines (limit %s); write large output to a file"
              .formatted(lineCount, limit),
          0);
      return;
    }
    byteCount += bytes;
    addRow(stream, text, bytes);
  }

  private void addRow(LogStream stream, String text, int bytes) {
    long atMillis = (System.nanoTime() - openedAt) / 1_000_000;
    rows.append(new LogLine(stream, atMillis, text).row());
    rowCount++;
    rowBytes += bytes;
    lineCount++;
    if (rowBytes >= limits.chunkBytes()) {
      cutChunk();
    } else if (timer == null) {
      timer =
          Infrastructure.getDefaultWorkerPool()
              .schedule(this::flush, limits.delay().toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void cutChunk() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
    if (rowCount == 0) {
      return;
    }
    long firstLine = lineCount - rowCount;
    ready.add(new LogChunk(run, step, attempt, chunkCount++, firstLine, rowCount, rows.toString()));
    rows.setLength(0);
    rowCount = 0;
    rowBytes = 0;
  }

  private void flush() {
    synchronized (this) {
      cutChunk();
    }
    deliver();
  }

  /** Takes no more lines; completes once everything taken before is delivered. Never fails. */
  public Uni<Void> close() {
    synchronized (this) {
      closed = true;
      cutChunk();
    }
    deliver();
    return Uni.createFrom().completionStage(delivered);
  }

  private void deliver() {
    LogChunk next;
    boolean done;
    synchronized (this) {
      next = delivering ? null : ready.poll();
      done = next == null && !delivering && closed;
      delivering |= next != null;
    }
    if (next != null) {
      deliver(next);
    } else if (done) {
      delivered.complete(null);
    }
  }

  private void deliver(LogChunk next) {
    send(next)
        .subscribe()
        .with(
            done -> delivered(),
            failure -> {
              lost(next, failure);
              delivered();
            });
  }

  private void lost(LogChunk chunk, Throwable failure) {
    long last = chunk.firstLine() + chunk.lines() - 1;
    LOGGER.log(
        System.Logger.Level.WARNING,
        "Lines %d to %d of the log of step %s in run %s could not be kept and are lost: %s"
            .formatted(chunk.firstLine(), last, step, run, failure.getMessage()));
  }

  private Uni<Void> send(LogChunk chunk) {
    return Uni.createFrom()
        .deferred(() -> delivery.apply(chunk))
        .onFailure()
        .retry()
        .withBackOff(Duration.ofMillis(50), Duration.ofSeconds(2))
        .atMost(DELIVERY_RETRIES);
  }

  private void delivered() {
    synchronized (this) {
      delivering = false;
    }
    deliver();
  }

  private static int utf8Length(String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return bytes;
  }
}
