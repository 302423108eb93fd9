package dev.fanfare.work.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.definition.Outcome;
import dev.fanfare.work.Pulse;
import dev.fanfare.work.log.LogSink;
import io.smallrye.mutiny.Uni;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workspaces on a disk that does not last: nothing of a run stays where none of its steps is. */
class PassingWorkspaceTest {

  private static final Outcome DONE = Outcome.Succeeded.of("done");

  @TempDir private Path root;

  @Test
  void a_step_finds_its_folder_while_the_one_before_it_leaves() {
    RunFiles run = new RunFiles(UUID.randomUUID(), 0);
    Workspaces.Places places = new Workspaces.Places(root, Optional.empty(), true);
    try (Workspaces workspaces = Workspaces.inFolders(places, Limits.DEFAULT)) {
      for (int i = 0; i < 1_000; i++) {
        Workspaces.Visit visit =
            new Workspaces.Visit(
                run,
                new LayerName("s" + i, 1),
                Optional.of(new View(List.of(), (step, other) -> false)),
                List.of(),
                List.of(),
                List.of(),
                LogSink.NONE,
                new Pulse());
        assertEquals(
            DONE,
            workspaces
                .within(
                    visit, folder -> Uni.createFrom().item(DONE), () -> Uni.createFrom().voidItem())
                .await()
                .atMost(Duration.ofSeconds(30)));
      }
    }
  }
}
