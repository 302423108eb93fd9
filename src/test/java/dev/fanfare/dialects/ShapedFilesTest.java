package dev.fanfare.dialects;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.fanfare.conductor.Graphs;
import dev.fanfare.graph.Graph;
import dev.fanfare.store.GraphStore;
import dev.fanfare.testing.TestEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Files that mean something else on another branch: what a run was started with is kept. */
class ShapedFilesTest {

  private static final String FILE =
      """
      version: 2.1
      parameters:
        word: { type: string, default: hello }
      jobs:
        build: { steps: [ { run: echo << pipeline.parameters.word >> } ] }
        deploy: { steps: [ { run: echo deployed } ] }
      workflows:
        main:
          jobs:
            - build
            - deploy: { requires: [build], filters: { branches: { only: main } } }
      """;

  private static TestEngine engine;

  @BeforeAll
  static void start() {
    engine = TestEngine.start();
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  @Test
  void another_process_imports_the_same_graph_again() {
    String hash = graphOf(start("feature", "hello"));

    Graph here = engine.room().conductor().graphs().get(hash);
    Graph there = new Graphs(new GraphStore(engine.database().pool())).get(hash);

    assertEquals(here.nodes(), there.nodes());
  }

  @Test
  void runs_that_bring_the_same_share_a_graph_and_others_do_not() {
    String first = graphOf(start("one", "hello"));

    assertEquals(first, graphOf(start("one", "hello")));
    assertNotEquals(first, graphOf(start("main", "hello")));
    assertNotEquals(first, graphOf(start("one", "good evening")));
  }

  @Test
  void the_branch_of_the_run_decides_and_not_that_of_an_earlier_one() {
    assertEquals("succeeded", engine.await(start("main", "hello")).status("deploy"));
    assertEquals("skipped", engine.await(start("other", "hello")).status("deploy"));
    assertEquals("succeeded", engine.await(start("main", "hello")).status("deploy"));
  }

  private static UUID start(String branch, String word) {
    Graphs.File file = Foreign.file("config.yml", FILE, Optional.empty());
    Map<String, Object> context = Map.of("trigger", "test", "branch", branch);
    return Foreign.started(Foreign.ask(engine, file, Map.of("word", word), context));
  }

  private static String graphOf(UUID run) {
    List<String> hashes =
        engine
            .database()
            .pool()
            .query("SELECT graph FROM run WHERE id = '" + run + "'")
            .execute()
            .map(
                rows -> {
                  List<String> found = new ArrayList<>();
                  rows.forEach(row -> found.add(row.getString(0)));
                  return found;
                })
            .await()
            .atMost(Foreign.PATIENCE);
    return hashes.getFirst();
  }
}
