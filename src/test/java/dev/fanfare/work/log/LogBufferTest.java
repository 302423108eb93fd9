package dev.fanfare.work.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.secret.Masker;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class LogBufferTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final LogLimits SMALL = new LogLimits(1000, 20, 100, Duration.ofMillis(50));

  private final BlockingQueue<LogChunk> delivered = new LinkedBlockingQueue<>();

  private Uni<Void> keep(LogChunk chunk) {
    delivered.add(chunk);
    return Uni.createFrom().voidItem();
  }

  private LogBuffer buffer(LogLimits limits, Function<LogChunk, Uni<Void>> delivery) {
    return new LogBuffer(UUID.randomUUID(), "s", 1, limits, Masker.NONE, delivery);
  }

  private List<String> texts() {
    return delivered.stream().flatMap(c -> c.rows().stream()).map(LogLine::text).toList();
  }

  @Test
  void a_line_is_delivered_soon_without_a_close() throws Exception {
    LogBuffer buffer = buffer(LogLimits.DEFAULT, this::keep);
    buffer.line(LogStream.OUT, "one");
    buffer.line(LogStream.ERR, "two words");
    LogChunk chunk = delivered.poll(10, TimeUnit.SECONDS);
    assertEquals(0, chunk.chunk());
    assertEquals(0, chunk.firstLine());
    assertEquals(2, chunk.lines());
    assertEquals(
        List.of("OUT one", "ERR two words"),
        chunk.rows().stream().map(l -> l.stream() + " " + l.text()).toList());
    buffer.close().await().atMost(LIMIT);
    assertTrue(delivered.isEmpty(), "nothing is delivered twice");
  }

  @Test
  void chunks_are_numbered_and_start_where_the_one_before_ended() {
    LogBuffer buffer = buffer(LogLimits.DEFAULT, this::keep);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      lines.add("line " + i + " " + "ü".repeat(i % 40));
    }
    lines.forEach(line -> buffer.line(LogStream.OUT, line));
    buffer.close().await().atMost(LIMIT);
    long line = 0;
    int number = 0;
    for (LogChunk chunk : delivered) {
      assertEquals(number++, chunk.chunk());
      assertEquals(line, chunk.firstLine());
      assertEquals(chunk.lines(), chunk.rows().size());
      line += chunk.lines();
    }
    assertTrue(number > 3);
    assertEquals(lines, texts());
  }

  @Test
  void above_the_bound_one_note_says_so_and_nothing_follows() {
    for (LogLimits limits :
        List.of(SMALL, new LogLimits(1000, 1_000_000, 100, Duration.ofMillis(50)))) {
      delivered.clear();
      LogBuffer buffer = buffer(limits, this::keep);
      for (int i = 0; i < 10_000; i++) {
        buffer.line(LogStream.OUT, "0123456789");
      }
      buffer.close().await().atMost(LIMIT);
      List<String> texts = texts();
      int kept = (int) Math.min(limits.lines(), 100);
      assertEquals(kept + 1, texts.size());
      String limit = kept == 20 ? "20 lines" : "1000 bytes";
      assertEquals(
          "… output cut after "
              + kept
              + " lines (limit "
              + limit
              + "); write large output to a file",
          texts.getLast());
    }
  }

  @Test
  void one_delivery_at_a_time_and_close_waits_for_the_last() {
    AtomicInteger inFlight = new AtomicInteger();
    BlockingQueue<UniEmitter<? super Void>> pending = new LinkedBlockingQueue<>();
    LogBuffer buffer =
        buffer(
            new LogLimits(1 << 20, 1000, 10, Duration.ofSeconds(5)),
            chunk ->
                Uni.createFrom()
                    .emitter(
                        emitter -> {
                          assertEquals(1, inFlight.incrementAndGet());
                          delivered.add(chunk);
                          pending.add(emitter);
                        }));
    for (int i = 0; i < 30; i++) {
      buffer.line(LogStream.OUT, "line number " + i);
    }
    CompletableFuture<Void> closed = buffer.close().subscribeAsCompletionStage();
    for (int i = 0; i < 30; i++) {
      assertTrue(!closed.isDone() && pending.size() == 1);
      inFlight.decrementAndGet();
      pending.remove().complete(null);
    }
    closed.orTimeout(10, TimeUnit.SECONDS).join();
    assertEquals(30, texts().size());
  }

  @Test
  void a_delivery_that_fails_is_repeated() {
    AtomicInteger tries = new AtomicInteger();
    LogBuffer buffer =
        buffer(
            SMALL,
            chunk ->
                tries.incrementAndGet() < 3
                    ? Uni.createFrom().failure(new IllegalStateException("no connection"))
                    : keep(chunk));
    buffer.line(LogStream.OUT, "kept");
    buffer.close().await().atMost(LIMIT);
    assertEquals(List.of("kept"), texts());
  }

  @Test
  void a_mask_covers_each_line_and_a_line_feed_makes_two_rows() {
    Masker mask = Masker.of(List.of("secret"));
    LogBuffer buffer =
        new LogBuffer(UUID.randomUUID(), "s", 1, LogLimits.DEFAULT, mask, this::keep);
    buffer.line(LogStream.OUT, "a secret\nb secret");
    buffer.line(LogStream.OUT, "");
    buffer.close().await().atMost(LIMIT);
    assertEquals(List.of("a ***", "b ***", ""), texts());
    assertEquals("***", buffer.masker().mask("secret"));
  }
}
