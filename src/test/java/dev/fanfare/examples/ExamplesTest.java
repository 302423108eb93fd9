package dev.fanfare.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.testing.TestEngine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Each example ends as its first lines say. */
class ExamplesTest {

  private static TestEngine engine;

  @BeforeAll
  static void start() {
    assertNotNull(
        System.getenv("JAVA_HOME"),
        "the examples compile Java: set JAVA_HOME, as scripts/test does");
    engine = TestEngine.start();
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  @Test
  void the_pipeline_compiles_tests_on_shards_reports_and_packages() {
    TestEngine.Outcome run = Example.run(engine, "ci", Map.of());

    assertEquals("succeeded", run.status(), run.json().toString());
    assertEquals(
        Map.of("tests", 8L, "checks", 4252L, "failedTests", 0L, "failedChecks", 0L),
        run.outputs().get("summary"));
    assertEquals(List.of(2L, 2L, 2L, 2L), run.outputs().get("testsPerShard"));
    assertEquals("build/tally.jar", run.outputs().get("jar"));
    assertEquals("total 22.70", run.outputs().get("smoke"));
  }

  @Test
  void the_tests_can_be_dealt_into_any_number_of_shards() {
    TestEngine.Outcome run = Example.run(engine, "ci", Map.of("shards", 3L, "parallel", 3L));

    assertEquals(List.of(3L, 3L, 2L), run.outputs().get("testsPerShard"));
    assertEquals("succeeded", run.status("test[2]"));
  }

  @Test
  void a_broken_test_fails_its_shard_is_reported_and_keeps_the_package_from_being_made()
      throws IOException {
    Path copy = Files.createTempDirectory("fanfare-example");
    Files.copy(Example.FOLDER.resolve("ci.yaml"), copy.resolve("ci.yaml"));
    copyTree(Example.FOLDER.resolve("sample-project"), copy.resolve("sample-project"));
    Path broken = copy.resolve("sample-project/src/test/java/tally/MoneyTest.java");
    Files.writeString(broken, Files.readString(broken).replace("\"8.93\"", "\"8.92\""));

    TestEngine.Outcome run = Example.run(engine, copy.resolve("ci.yaml"), Map.of());

    assertEquals("failed", run.status());
    assertEquals("failed", run.status("test"));
    assertEquals("succeeded", run.status("report"));
    assertEquals("not_run", run.status("package"));
    assertEquals(
        Map.of("tests", 8L, "checks", 4252L, "failedTests", 1L, "failedChecks", 1L),
        run.outputs().get("summary"));
  }

  @Test
  void the_map_reduce_finds_the_words_that_java_finds() throws IOException {
    TestEngine.Outcome run = Example.run(engine, "map-reduce", Map.of());

    assertEquals("succeeded", run.status(), run.json().toString());
    assertEquals(files(5), run.outputs().get("files"));
    assertEquals(top(5, 10), run.outputs().get("top"));
  }

  @Test
  void the_map_reduce_takes_the_shortest_word_and_the_length_of_its_answer_as_parameters()
      throws IOException {
    TestEngine.Outcome run = Example.run(engine, "map-reduce", Map.of("minLength", 9L, "top", 4L));

    assertEquals(top(9, 4), run.outputs().get("top"));
  }

  @Test
  void the_faster_server_wins_the_race_and_both_servers_are_stopped() throws Exception {
    TestEngine.Outcome run = race("3000", "50");

    for (ProcessHandle server : priceServers()) {
      server.onExit().get(10, TimeUnit.SECONDS);
    }
    assertEquals("succeeded", run.status(), run.json().toString());
    assertEquals("backup", run.outputs().get("from"));
    assertEquals("discarded", run.status("price.client.ask.primary"));
    assertEquals("discarded", run.status("price.primary-server"));
    assertEquals("discarded", run.status("price.backup-server"));
  }

  @Test
  void a_server_that_answers_with_an_error_loses_the_race() {
    TestEngine.Outcome run = race("100", "broken");

    assertEquals("primary", run.outputs().get("from"), run.json().toString());
    assertEquals("failed", run.status("price.client.ask.backup"));
  }

  @Test
  void where_no_server_has_an_answer_the_price_of_yesterday_is_taken() {
    TestEngine.Outcome run = race("broken", "broken");

    assertEquals("succeeded", run.status(), run.json().toString());
    assertEquals(Map.of("from", "yesterday", "cents", 1900L), run.outputs());
  }

  @Test
  void a_failure_drains_what_does_not_depend_on_it_finishes_and_the_cleanup_runs() {
    TestEngine.Outcome run = Example.run(engine, "drain", Map.of());

    assertEquals("failed", run.status());
    assertEquals("failed", run.status("check-lisbon"));
    assertEquals("succeeded", run.status("load-berlin"));
    assertEquals("succeeded", run.status("load-oslo"));
    assertEquals("not_run", run.status("load-lisbon"));
    assertEquals("not_run", run.status("total"));
    assertEquals("succeeded", run.status("unlock"));
    assertEquals(Map.of("loaded", "berlin.csv\noslo.csv"), run.outputs());
    assertTrue(
        String.valueOf(run.output("alert")).contains("line 3: \"twenty\" is no amount"),
        String.valueOf(run.output("alert")));
  }

  @Test
  void a_tolerated_failure_leaves_the_run_partially_succeeded() {
    TestEngine.Outcome run = Example.run(engine, "tolerate", Map.of());

    assertEquals("partially_succeeded", run.status());
    assertEquals(
        List.of(
            Map.of("city", "berlin", "status", "succeeded", "cents", 6525L),
            Map.of("city", "lisbon", "status", "failed", "cents", 0L),
            Map.of("city", "oslo", "status", "succeeded", "cents", 9500L)),
        run.outputs().get("cities"));
  }

  @Test
  void every_example_has_a_test() throws IOException {
    try (Stream<Path> files = Files.list(Example.FOLDER)) {
      List<String> names =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".yaml"))
              .sorted()
              .toList();
      assertEquals(
          List.of("ci.yaml", "drain.yaml", "http-race.yaml", "map-reduce.yaml", "tolerate.yaml"),
          names);
    }
  }

  private static TestEngine.Outcome race(String primary, String backup) {
    List<Long> ports = freePorts(2);
    return Example.run(
        engine,
        "http-race",
        Map.of(
            "primary",
            primary,
            "backup",
            backup,
            "primaryPort",
            ports.get(0),
            "backupPort",
            ports.get(1)));
  }

  /** Those of this test: they have this process above them. */
  private static List<ProcessHandle> priceServers() {
    return ProcessHandle.current()
        .descendants()
        .filter(p -> p.info().commandLine().orElse("").contains("PriceServer.java"))
        .toList();
  }

  private static List<Long> freePorts(int count) {
    List<ServerSocket> sockets = new ArrayList<>();
    List<Long> ports = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        sockets.add(socket);
        ports.add((long) socket.getLocalPort());
      }
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return ports;
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> tree = Files.walk(from)) {
      for (Path path : (Iterable<Path>) tree::iterator) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }

  // --- the same answers, found another way

  private static Map<String, Long> words(Path file, int shortest) throws IOException {
    Map<String, Long> words = new TreeMap<>();
    for (String word : Files.readString(file).toLowerCase(Locale.ROOT).split("[^a-z]+")) {
      if (word.length() >= shortest) {
        words.merge(word, 1L, Long::sum);
      }
    }
    return words;
  }

  private static List<Path> texts() throws IOException {
    try (Stream<Path> files = Files.list(Example.FOLDER.resolve("texts"))) {
      return files.sorted().toList();
    }
  }

  private static List<Map<String, Object>> files(int shortest) throws IOException {
    List<Map<String, Object>> files = new ArrayList<>();
    for (Path text : texts()) {
      Map<String, Long> words = words(text, shortest);
      Map<String, Object> file = new LinkedHashMap<>();
      file.put("file", text.getFileName().toString());
      file.put("words", words.values().stream().mapToLong(Long::longValue).sum());
      file.put("distinct", (long) words.size());
      files.add(file);
    }
    return files;
  }

  private static List<Map<String, Object>> top(int shortest, int length) throws IOException {
    Map<String, Long> all = new TreeMap<>();
    for (Path text : texts()) {
      words(text, shortest).forEach((word, count) -> all.merge(word, count, Long::sum));
    }
    return all.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
        .limit(length)
        .<Map<String, Object>>map(e -> Map.of("word", e.getKey(), "count", e.getValue()))
        .toList();
  }
}
