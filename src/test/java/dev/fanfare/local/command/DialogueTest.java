package dev.fanfare.local.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.local.CommandException;
import dev.fanfare.local.LocalEngine.Judgement;
import dev.fanfare.local.LocalEngine.LocalRun;
import dev.fanfare.local.view.Console;
import dev.fanfare.local.view.Style;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintStream;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DialogueTest {

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final List<String> judged = new ArrayList<>();
  private String refusal = "";

  private final LocalRun run =
      new LocalRun() {
        @Override
        public List<String> warnings() {
          return List.of();
        }

        @Override
        public String id() {
          return "run-1";
        }

        @Override
        public long before() {
          return 0;
        }

        @Override
        public List<Map<String, @Nullable Object>> events(long after, Duration patience) {
          return List.of();
        }

        @Override
        public String judge(Judgement judgement) throws CommandException {
          judged.add(judgement.step() + " " + judgement.approved() + " " + judgement.by());
          if (!refusal.isEmpty()) {
            throw CommandException.usage(refusal);
          }
          return "";
        }

        @Override
        public void cancel() {}

        @Override
        public Map<String, @Nullable Object> outcome() {
          return Map.of();
        }
      };

  private Dialogue dialogue(Optional<String> typed) {
    return dialogueWith(typed.map(StringReader::new));
  }

  private Dialogue dialogueWith(Optional<? extends Reader> typed) {
    PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    Console console = new Console(stream, stream, true, Style.PLAIN, 80, 24, Map.of("USER", "ann"));
    return new Dialogue(console, run, () -> typed.map(BufferedReader::new));
  }

  private static Map<String, Object> waiting(String step, String prompt) {
    return Map.of(
        "type",
        "step.waiting",
        "step",
        step,
        "reason",
        Map.of("code", "awaiting_approval", "prompt", prompt));
  }

  private String said() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private static void turns(Dialogue dialogue, BooleanSupplier until) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!until.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "waited in vain");
      dialogue.turn();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  @Test
  void without_a_terminal_it_says_what_to_type() {
    Dialogue dialogue = dialogue(Optional.empty());
    dialogue.event(waiting("gate", "Ship it?"));
    dialogue.event(waiting("each[it's]", "Ok?"));
    assertFalse(dialogue.hasQuestion());
    assertEquals(
        """
                 decide with: scripts/fanfare approve run-1 gate   (or deny)
                 decide with: scripts/fanfare approve run-1 'each[it'\\''s]'   (or deny)
        """,
        said());
    assertEquals(List.of(), judged);
  }

  @Test
  void each_question_is_asked_until_it_is_answered() throws IOException {
    try (PipedWriter typed = new PipedWriter()) {
      Dialogue dialogue = dialogueWith(Optional.of(new PipedReader(typed)));
      dialogue.event(waiting("gate", "Ship it?"));
      dialogue.event(waiting("other", ""));
      dialogue.turn();
      typed.write("\nwhat\nyes\n");
      typed.flush();
      turns(dialogue, () -> said().contains("other:  approve? [y/n] "));
      typed.write("N\n");
      typed.flush();
      turns(dialogue, () -> judged.size() == 2);
      assertEquals(List.of("gate true ann", "other false ann"), judged);
      assertFalse(dialogue.hasQuestion());
      assertEquals(3, said().split("gate: Ship it\\?  approve\\? \\[y/n] ", -1).length - 1);
    }
  }

  @Test
  void what_was_typed_before_a_question_is_no_answer_to_it() throws IOException {
    try (PipedWriter typed = new PipedWriter()) {
      Dialogue dialogue = dialogueWith(Optional.of(new PipedReader(typed)));
      dialogue.event(waiting("gate", ""));
      dialogue.event(waiting("other", ""));
      dialogue.turn();
      typed.write("y\ny\nperhaps\n");
      typed.flush();
      turns(dialogue, () -> said().contains("other:  approve? [y/n] "));
      assertEquals(List.of("gate true ann"), judged);
    }
  }

  @Test
  void a_question_that_somebody_else_answered_is_withdrawn() {
    Dialogue dialogue = dialogue(Optional.of("y\n"));
    dialogue.event(waiting("gate", "Ship it?"));
    assertTrue(dialogue.hasQuestion());
    dialogue.event(Map.of("type", "step.approved", "step", "gate"));
    assertFalse(dialogue.hasQuestion());
    dialogue.turn();
    assertEquals(List.of(), judged);
  }

  @Test
  void what_cannot_be_answered_with_yes_says_why_and_what_to_type() {
    refusal = "the form is not filled in";
    Dialogue dialogue = dialogue(Optional.of("y\n"));
    dialogue.event(waiting("gate", "Ship it?"));
    turns(dialogue, () -> !dialogue.hasQuestion());
    assertTrue(said().contains("fanfare: the form is not filled in\n"), this::said);
    assertTrue(said().contains("decide with: scripts/fanfare approve run-1 gate"), this::said);
  }

  @Test
  void a_terminal_that_is_closed_is_asked_no_more() {
    Dialogue dialogue = dialogue(Optional.of(""));
    dialogue.event(waiting("gate", "Ship it?"));
    turns(dialogue, () -> !dialogue.hasQuestion());
    assertTrue(said().contains("decide with: scripts/fanfare approve run-1 gate"), this::said);
    assertEquals(List.of(), judged);
  }
}
