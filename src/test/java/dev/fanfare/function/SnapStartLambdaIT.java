package dev.fanfare.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;

/** The real zip around the point at which Lambda takes its snapshot. */
class SnapStartLambdaIT {

  /** What belongs to one process alone; a snapshot with it would give it to all copies. */
  private static final List<String> NOT_YET =
      List.of(
          "dev.fanfare.function.EngineRoom",
          "dev.fanfare.conductor.Conductor",
          "dev.fanfare.store.LeaseStore$Worker",
          "io.vertx.pgclient.impl.PgSocketConnection");

  @Test
  void before_the_restore_there_is_no_connection_and_nothing_of_its_own_and_after_it_all_works()
      throws Exception {
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
        RealFunctions functions = new RealFunctions()) {
      functions.host.deploy(
          functions.worker("dispatcher", "dispatcher").withSnapStart(true).withProcesses(2));
      functions.host.restores().hold();
      List<CompletableFuture<InvokeResponse>> answers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        answers.add(
            CompletableFuture.supplyAsync(() -> functions.invoke("dispatcher", "{}"), callers));
      }
      functions.host.restores().await(2);

      assertEquals(0, functions.relay.connections(), "connections before the restore");
      List<Long> processes = functions.host.processes("dispatcher");
      assertEquals(2, processes.size());
      for (long process : processes) {
        Set<String> classes = classesOnHeap(process);
        NOT_YET.forEach(name -> assertFalse(classes.contains(name), name));
        assertTrue(loaded(process).contains("dev.fanfare.conductor.Lane"), "classes are loaded");
      }

      functions.host.restores().release();
      for (CompletableFuture<InvokeResponse> answer : answers) {
        assertNull(answer.join().functionError(), () -> answer.join().payload().asUtf8String());
      }
      assertTrue(functions.relay.connections() >= 2, "each has its own connection");
      Set<String> workers = new HashSet<>();
      for (String log : functions.host.logs("dispatcher")) {
        workers.addAll(LogLines.of(log).values("worker"));
        assertFalse(log.contains("the snapshot goes without"), log);
      }
      assertEquals(2, workers.size(), "each is a worker of its own");
    }
  }

  private static Set<String> classesOnHeap(long process) throws IOException {
    Set<String> names = new HashSet<>();
    for (String line : jcmd(process, "GC.class_histogram").split("\n")) {
      String[] parts = line.strip().split("\\s+");
      if (parts.length >= 4 && parts[0].endsWith(":")) {
        names.add(parts[3]);
      }
    }
    assertTrue(names.contains("java.lang.String"), "a histogram");
    return names;
  }

  private static String loaded(long process) throws IOException {
    return jcmd(process, "VM.class_hierarchy");
  }

  private static String jcmd(long process, String command) throws IOException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process asked =
        new ProcessBuilder(jcmd.toString(), String.valueOf(process), command)
            .redirectErrorStream(true)
            .start();
    try (InputStream output = asked.getInputStream()) {
      return new String(output.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
