package dev.fanfare.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.fanfare.store.RunView;
import dev.fanfare.work.call.JavaStep;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** {@code timeout.heartbeat}: work that says nothing for too long is stopped. */
class HeartbeatTest {

  private static final JavaStep BEATING =
      (context, input) -> {
        for (int i = 0; i < 30; i++) {
          TimeUnit.MILLISECONDS.sleep(50);
          context.beat();
        }
        return "alive";
      };

  private static final JavaStep HANGING =
      (context, input) -> {
        new CountDownLatch(1).await();
        return "";
      };

  private static RunView run(String steps) {
    try (Stage stage = new Stage().bean("beat", BEATING).bean("hang", HANGING)) {
      RunView run = stage.end(Stage.start(stage.engine(), "name: t\nsteps:\n" + steps));
      Invariants.hold(stage);
      return run;
    }
  }

  private static void assertSilent(RunView run) {
    assertEquals("timed_out", Stage.status(run, "a"));
    assertTrue(
        String.valueOf(Stage.step(run, "a").error()).contains("heartbeat_timed_out"),
        String.valueOf(Stage.step(run, "a").error()));
  }

  @Test
  void a_script_that_hangs_is_stopped_and_tried_again() {
    RunView run =
        run(
            """
              a:
                timeout: { heartbeat: 1s }
                retry: { attempts: 2, on: [heartbeat_timed_out] }
                run: |
                  if [ "$FANFARE_ATTEMPT" = 1 ]; then sleep 600; fi
                  echo "attempt $FANFARE_ATTEMPT"
            """);
    assertEquals("succeeded", Stage.status(run, "a"));
    assertEquals("attempt 2", Stage.step(run, "a").output());
  }

  @Test
  void a_script_that_hangs_each_time_is_timed_out() {
    assertSilent(run("  a: { run: sleep 600, timeout: { heartbeat: 200ms } }\n"));
  }

  @Test
  void a_script_that_prints_dots_is_alive() {
    RunView run =
        run(
            """
              a:
                timeout: { heartbeat: 2s }
                run: |
                  for i in 1 2 3 4 5 6 7 8 9 10 11 12 13; do printf . >&2; sleep 0.2; done
            """);
    assertEquals("succeeded", Stage.status(run, "a"));
  }

  @Test
  void a_java_step_beats_itself() {
    RunView run =
        run(
            """
              a: { call: beat, timeout: { heartbeat: 2s } }
              b: { needs: a, run: 'true' }
            """);
    assertEquals("alive", Stage.step(run, "a").output());
    assertSilent(run("  a: { call: hang, timeout: { heartbeat: 200ms } }\n"));
  }

  @Test
  void bytes_of_a_response_are_signs_of_life() throws IOException {
    ExecutorService threads = Executors.newCachedThreadPool();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    CountDownLatch over = new CountDownLatch(1);
    server.setExecutor(threads);
    server.createContext(
        "/drip",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try {
            for (int i = 0; i < 25; i++) {
              exchange.getResponseBody().write('x');
              exchange.getResponseBody().flush();
              TimeUnit.MILLISECONDS.sleep(100);
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          exchange.close();
        });
    server.createContext(
        "/mute",
        exchange -> {
          try {
            over.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          exchange.close();
        });
    server.start();
    String base = "http://127.0.0.1:" + server.getAddress().getPort();
    try {
      RunView drip =
          run("  a: { http: { url: '" + base + "/drip' }, timeout: { heartbeat: 2s } }\n");
      assertEquals("succeeded", Stage.status(drip, "a"));
      assertSilent(
          run("  a: { http: { url: '" + base + "/mute' }, timeout: { heartbeat: 300ms } }\n"));
    } finally {
      over.countDown();
      server.stop(0);
      threads.shutdownNow();
    }
  }
}
