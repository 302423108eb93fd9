package dev.fanfare.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.fanfare.engine.Event;
import dev.fanfare.engine.Verdict;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.store.RunView;
import dev.fanfare.work.call.JavaStep;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What runs is stopped at once when nobody wants it any more. */
class CancelTest {

  /** A duration that no other process on the machine sleeps for. */
  private static String uniqueNap() {
    return "1" + (100_000_000 + ThreadLocalRandom.current().nextInt(100_000_000));
  }

  private static boolean runs(String nap) {
    return ProcessHandle.allProcesses()
        .anyMatch(each -> each.info().commandLine().orElse("").contains("sleep " + nap));
  }

  @Test
  void a_cancel_stops_scripts_with_their_grandchildren_requests_and_calls() throws Exception {
    String nap = uniqueNap();
    CountDownLatch requested = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch called = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          requested.countDown();
          try {
            release.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          exchange.close();
        });
    server.start();
    try (Stage stage = new Stage()) {
      EngineRoom engine = stage.engine();
      stage.bean(
          "hang",
          (JavaStep)
              (context, input) -> {
                called.countDown();
                try {
                  return new CountDownLatch(1).await(1, TimeUnit.HOURS);
                } catch (InterruptedException e) {
                  interrupted.countDown();
                  throw e;
                }
              });
      UUID id =
          Stage.start(
              engine,
              """
              name: stop
              steps:
                script: { run: "(sh -c 'sleep %s & sleep %s; true') & (trap '' TERM; sleep %s) & wait" }
                request: { http: { method: GET, url: "http://127.0.0.1:%d/" } }
                bean: { call: hang }
                nap: { sleep: 1h }
                later: { needs: script, run: "echo never" }
              """
                  .formatted(nap, nap, nap, server.getAddress().getPort()));
      assertTrue(requested.await(20, TimeUnit.SECONDS) && called.await(20, TimeUnit.SECONDS));
      Stage.until("the script's grandchildren", () -> runs(nap));
      long cancelled = System.nanoTime();
      Stage.cancel(engine, id);
      RunView run = stage.end(id);
      assertEquals("cancelled", run.status());
      for (String step : new String[] {"script", "request", "bean", "nap"}) {
        assertEquals("cancelled", Stage.status(run, step), step);
      }
      assertEquals("not_run", Stage.status(run, "later"));
      Stage.until("everything is gone", () -> !runs(nap));
      assertTrue(interrupted.await(20, TimeUnit.SECONDS));
      System.out.printf(
          "cancelled work was gone after %d ms%n",
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - cancelled));
      Stage.until("nothing is held", () -> engine.conductor().attempts().size() == 0);
      assertEquals(Verdict.STALE, Stage.submit(engine, id, new Event.Cancel("test", "once more")));
      Invariants.hold(stage);
    } finally {
      release.countDown();
      server.stop(0);
    }
  }

  @Test
  void the_losers_of_a_race_are_freed() {
    String nap = uniqueNap();
    try (Stage stage = new Stage()) {
      EngineRoom engine = stage.engine();
      String losers =
          IntStream.range(0, 4)
              .mapToObj(i -> "l%d: { run: \"sleep %s & sleep %s\" }".formatted(i, nap, nap))
              .collect(Collectors.joining(", "));
      UUID id =
          Stage.start(
              engine,
              "name: r\nsteps:\n  r: { race: { steps: { %s, w: { sleep: 500ms } } } }\n"
                      .formatted(losers)
                  + "  next: { needs: r, pass: {} }\n");
      RunView run = stage.end(id);
      long over = System.nanoTime();
      assertEquals("succeeded", run.status());
      Stage.until("the losers are gone", () -> !runs(nap));
      System.out.printf(
          "losers were gone %d ms after the run's end%n",
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - over));
      Stage.until("nothing is held", () -> engine.conductor().attempts().size() == 0);
      Invariants.hold(stage);
    }
  }

  @Test
  void a_cancel_that_another_process_commits_reaches_the_work_with_the_next_renewal() {
    String nap = uniqueNap();
    try (Stage stage = new Stage()) {
      EngineRoom worker = stage.engine(Stage.HASTY);
      EngineRoom other = stage.engine(Stage.HASTY);
      UUID id = Stage.start(worker, "name: c\nsteps:\n  a: { run: sleep %s }\n".formatted(nap));
      Stage.until("the script", () -> runs(nap));
      Stage.cancel(other, id);
      Stage.until("the script is gone", () -> !runs(nap));
      assertEquals("cancelled", Stage.status(stage.end(id), "a"));
    }
  }
}
