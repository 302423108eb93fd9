package dev.fanfare.dialects;

import static dev.fanfare.dialects.FlowtoyStage.before;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.testing.TestEngine.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The examples of flowtoy's guide to parallel steps, as they stand. Its services are a server of
 * the test, its {@code python} a program of the test.
 */
class FlowtoyCasesTest {

  @TempDir private Path folder;

  @Test
  @Shows({
    "root.sources",
    "root.flow",
    "sources.*",
    "source.type",
    "step.name",
    "step.source",
    "step.output",
    "input.url",
    "output.name",
    "output.type"
  })
  void ft_1_steps_without_dependencies_run_at_the_same_time() {
    try (FlowtoyStage stage = new FlowtoyStage(folder)) {
      stage
          .answers("/users", "[{\"id\": 1}]")
          .answers("/products", "[{\"id\": 2}]")
          .answers("/orders", "[{\"id\": 3}]")
          .meeting(3);

      Outcome run = stage.run(FlowtoyStage.file("ft-1.yml"));

      assertEquals("succeeded", run.status());
      assertEquals(3, stage.most());
      assertEquals(Map.of("products", List.of(Map.of("id", 2L))), run.output("fetch_products"));
      assertEquals(
          Set.of("GET /users", "GET /products", "GET /orders"),
          stage.seen().stream().map(s -> s.method() + " " + s.path()).collect(Collectors.toSet()));
      assertEquals("api.example.com", stage.seen().getFirst().forwarded());
    }
  }

  @Test
  @Shows({"step.depends_on", "input.headers", "input.command", "output.value"})
  void ft_2_a_template_in_a_header_makes_a_dependency() throws Exception {
    try (FlowtoyStage stage = new FlowtoyStage(folder)) {
      Files.writeString(stage.project().resolve("merge.py"), "print('merged')\n");
      stage
          .answers("/auth", "{\"access_token\": \"t-1\", \"expires\": 60}")
          .answers("/users", "[]")
          .answers("/products", "[]")
          .meeting(2);

      Outcome run = stage.run(FlowtoyStage.file("ft-2.yml"));

      assertEquals("succeeded", run.status());
      assertEquals(Map.of("token", "t-1"), run.output("authenticate"));
      for (String fetch : List.of("fetch_users", "fetch_products")) {
        assertTrue(before(run, "authenticate", fetch), fetch);
        assertTrue(before(run, fetch, "combine_data"), fetch);
      }
      assertEquals(2, stage.most());
      assertEquals(
          Set.of("null /auth", "Bearer t-1 /users", "Bearer t-1 /products"),
          stage.seen().stream()
              .map(s -> s.authorization() + " " + s.path())
              .collect(Collectors.toSet()));
      assertEquals(Map.of("combined", Map.of("merged", true)), run.output("combine_data"));
    }
  }

  @Test
  @Shows("input.method")
  void ft_3_a_written_and_a_read_dependency_are_one() {
    try (FlowtoyStage stage = new FlowtoyStage(folder)) {
      stage
          .answers("/databases", "{\"id\": \"db-7\"}")
          .answers("/databases/db-7/schema", "{\"id\": 1}");

      Outcome run = stage.run(FlowtoyStage.file("ft-3.yml"));

      assertEquals("succeeded", run.status());
      assertTrue(before(run, "create_database", "create_schema"));
      assertEquals(
          List.of("POST /databases", "POST /databases/db-7/schema"),
          stage.seen().stream().map(s -> s.method() + " " + s.path()).toList());
      assertEquals(Map.of("schema_id", Map.of("id", 1L)), run.output("create_schema"));
    }
  }

  /** The guide has only the command; the file is twenty steps like those of the first example. */
  @Test
  @Shows("runner.max_workers")
  void ft_4_at_most_so_many_steps_are_at_work_and_four_where_nothing_is_said() {
    String file = FlowtoyStage.file("ft-4.yml");
    assertEquals(4, mostOf(file, "default", 0));
    assertEquals(2, mostOf(file, "two", 2));
    assertEquals(10, mostOf(file, "ten", 10));
    assertEquals(5, mostOf("runner: { max_workers: 5 }\n" + file, "written", 0));
  }

  /** How many requests of 20 meet, each held until as many have come as there should be. */
  private int mostOf(String file, String name, int maxParallel) {
    int expected = file.startsWith("runner") ? 5 : maxParallel == 0 ? 4 : maxParallel;
    try (FlowtoyStage stage = new FlowtoyStage(folder.resolve(name))) {
      for (int i = 1; i <= 20; i++) {
        stage.answers("/items/" + i, "{}");
      }
      stage.meeting(expected);
      Outcome run = maxParallel == 0 ? stage.run(file) : stage.run(file, maxParallel);
      assertEquals("succeeded", run.status());
      return stage.most();
    }
  }
}
