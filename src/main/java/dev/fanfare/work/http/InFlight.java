package dev.fanfare.work.http;

import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One exchange that may be aborted at any time, also before it has begun. */
final class InFlight {

  // Guarded by this.
  private boolean aborted;
  private @Nullable CompletableFuture<HttpResponse<byte[]>> exchange;

  void start(
      Supplier<CompletableFuture<HttpResponse<byte[]>>> begin,
      BiFunction<HttpResponse<byte[]>, Throwable, Boolean> end) {
    CompletableFuture<HttpResponse<byte[]>> begun;
    synchronized (this) {
      if (aborted) {
        return;
      }
    }
    begun = begin.get();
    boolean late;
    synchronized (this) {
      exchange = begun;
      late = aborted;
    }
    if (late) {
      begun.cancel(true);
    } else {
      CompletableFuture<Boolean> told = begun.handle(end);
      assert told != null;
    }
  }

  void abort() {
    CompletableFuture<HttpResponse<byte[]>> running;
    synchronized (this) {
      aborted = true;
      running = exchange;
    }
    if (running != null) {
      running.cancel(true);
    }
  }
}
