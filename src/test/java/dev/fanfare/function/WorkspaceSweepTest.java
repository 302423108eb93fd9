package dev.fanfare.function;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.conductor.Settings;
import dev.fanfare.store.RunViews;
import dev.fanfare.testing.TestDatabase;
import dev.fanfare.testing.TestEngine;
import dev.fanfare.work.Trees;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceSweepTest {

  private static final String DONE = "name: t\nsteps: { a: { pass: {} } }\n";
  private static final String WAITING = "name: t\nsteps: { a: { sleep: 1h } }\n";

  @TempDir Path root;

  private static void age(TestDatabase database, UUID run) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "UPDATE run SET finished_at = finished_at - interval '31 days',"
              + " created_at = created_at - interval '31 days' WHERE id = '"
              + run
              + "'");
    }
  }

  private Path folder(String name) throws Exception {
    Path folder = Files.createDirectory(root.resolve(name));
    Files.writeString(folder.resolve("f"), "x");
    return folder;
  }

  private List<String> names() throws Exception {
    try (var found = Files.list(root)) {
      return found.map(path -> String.valueOf(path.getFileName())).sorted().toList();
    }
  }

  @Test
  void workspaces_of_runs_that_ended_long_ago_are_removed_and_no_others() throws Exception {
    TestDatabase database = TestDatabase.fresh();
    try (TestEngine engine = TestEngine.on(database, Settings.LOCAL)) {
      UUID old = engine.start(DONE);
      UUID fresh = engine.start(DONE);
      UUID waiting = engine.start(WAITING);
      engine.await(old);
      engine.await(fresh);
      age(database, old);
      age(database, waiting);
      UUID stranger = UUID.randomUUID();
      folder(old.toString());
      Path layered = folder(old + "-2");
      Files.createDirectories(layered.resolve("layers/a"));
      Trees.setMode(layered.resolve("layers"), 0500);
      folder(fresh.toString());
      folder(waiting.toString());
      folder(stranger.toString());
      folder("notes");
      folder("x".repeat(40));
      Files.writeString(root.resolve(UUID.randomUUID() + ".txt"), "x");
      List<String> before = names();
      WorkspaceSweep sweep =
          new WorkspaceSweep(List.of(root), Duration.ofDays(30), new RunViews(database.pool()));
      assertEquals(2, sweep.sweep());
      assertEquals(
          before.stream().filter(name -> !name.startsWith(old.toString())).toList(), names());
      assertEquals(0, sweep.sweep());
    }
  }
}
