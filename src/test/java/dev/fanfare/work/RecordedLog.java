package dev.fanfare.work;

import dev.fanfare.secret.Masker;
import dev.fanfare.work.log.LogLine;
import dev.fanfare.work.log.LogSink;
import dev.fanfare.work.log.LogStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A log that a test can read and wait on. */
public final class RecordedLog implements LogSink {

  private final List<LogLine> lines = new ArrayList<>();
  private final List<Expected> expected = new ArrayList<>();

  private volatile Masker masker = Masker.NONE;

  private record Expected(String prefix, CompletableFuture<String> seen) {}

  @Override
  public synchronized void line(LogStream stream, String text) {
    lines.add(new LogLine(stream, 0, text));
    expected.stream().filter(e -> text.startsWith(e.prefix)).forEach(e -> e.seen.complete(text));
  }

  /** Covers these from now on in whatever asks for it; the lines here are kept as they come. */
  public void cover(String... secrets) {
    masker = Masker.of(List.of(secrets));
  }

  @Override
  public Masker masker() {
    return masker;
  }

  /** The first line that begins like this, now or within twenty seconds. */
  public String await(String prefix) throws Exception {
    CompletableFuture<String> seen = new CompletableFuture<>();
    synchronized (this) {
      expected.add(new Expected(prefix, seen));
      lines.stream()
          .map(LogLine::text)
          .filter(text -> text.startsWith(prefix))
          .findFirst()
          .ifPresent(seen::complete);
    }
    return seen.get(20, TimeUnit.SECONDS);
  }

  public synchronized List<String> texts(LogStream stream) {
    return lines.stream().filter(l -> l.stream() == stream).map(LogLine::text).toList();
  }
}
