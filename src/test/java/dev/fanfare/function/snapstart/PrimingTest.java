package dev.fanfare.function.snapstart;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What is done before a snapshot can be done, and asks nobody. */
class PrimingTest {

  @Test
  void the_workflow_that_is_decided_on_is_one() {
    Priming.decide();
  }

  @Test
  void calls_of_aws_are_made_and_answered_within_the_process() {
    SilentCalls.make();
  }

  @Test
  void most_classes_that_are_loaded_before_a_snapshot_still_exist() throws IOException {
    List<String> names;
    try (InputStream in =
        Objects.requireNonNull(Priming.class.getResourceAsStream(Priming.CLASSES))) {
      names = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
    List<String> ours = names.stream().filter(name -> name.startsWith("dev.fanfare.")).toList();
    List<String> gone = ours.stream().filter(name -> !exists(name)).toList();
    assertTrue(
        gone.size() * 5 < ours.size(),
        "a fifth of the list is gone; make it anew as docs/performance.md says: " + gone);
  }

  private static boolean exists(String name) {
    try {
      Class.forName(name, false, Priming.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }
}
