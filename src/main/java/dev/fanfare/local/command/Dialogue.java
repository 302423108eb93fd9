package dev.fanfare.local.command;

import dev.fanfare.local.CommandException;
import dev.fanfare.local.LocalEngine.Judgement;
import dev.fanfare.local.LocalEngine.LocalRun;
import dev.fanfare.local.view.Console;
import dev.fanfare.local.view.Style;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Approvals of a run in the foreground: asked at the terminal where there is one, and told how to
 * decide from elsewhere where there is none. Somebody else may decide meanwhile; then the question
 * is withdrawn.
 */
final class Dialogue {

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.-]+");

  private final Console console;
  private final LocalRun run;
  private final Supplier<Optional<BufferedReader>> terminal;
  private final Map<String, String> open = new LinkedHashMap<>();
  private final BlockingQueue<Optional<String>> answers = new LinkedBlockingQueue<>();
  private @Nullable String asked;
  private String lastAsked = "";
  private boolean asks;
  private boolean listening;

  /**
   * @param terminal where answers are typed; empty where nobody can
   */
  Dialogue(Console console, LocalRun run, Supplier<Optional<BufferedReader>> terminal) {
    this.console = console;
    this.run = run;
    this.terminal = terminal;
    this.asks = terminal.get().isPresent();
  }

  /** Whether something is to be asked at the terminal. */
  boolean hasQuestion() {
    return asks && !open.isEmpty();
  }

  /** Something else is about to be printed: the question is asked again afterwards. */
  void giveWay() {
    if (asked != null) {
      console.err().println();
      asked = null;
    }
  }

  void event(Map<String, ? extends @Nullable Object> event) {
    String type = String.valueOf(event.get("type"));
    String step = String.valueOf(event.get("step"));
    if (type.equals("step.waiting")
        && event.get("reason") instanceof Map<?, ?> reason
        && "awaiting_approval".equals(reason.get("code"))) {
      open.put(step, String.valueOf(reason.get("prompt")));
      if (!asks) {
        tellHow(step);
      }
    } else if (type.startsWith("step.")
        && !type.equals("step.late_report")
        && !type.equals("step.match_failed")) {
      open.remove(step);
    }
  }

  /** Asks what is to be asked, and takes an answer where there is one. */
  void turn() {
    if (!hasQuestion()) {
      return;
    }
    Map.Entry<String, String> question = open.entrySet().iterator().next();
    if (asked == null) {
      if (!question.getKey().equals(lastAsked)) {
        // What was typed before a question is no answer to it.
        answers.clear();
        lastAsked = question.getKey();
      }
      String prompt = question.getValue().isBlank() ? "" : " " + question.getValue();
      console
          .err()
          .print(
              console.style().bold("?")
                  + " "
                  + Style.harmless(question.getKey() + ":" + prompt)
                  + "  approve? [y/n] ");
      console.err().flush();
      asked = question.getKey();
      listen();
    }
    Optional<String> answer = answers.poll();
    if (answer == null) {
      return;
    }
    asked = null;
    if (answer.isEmpty()) {
      console.err().println();
      asks = false;
      open.keySet().forEach(this::tellHow);
      return;
    }
    switch (answer.get().strip().toLowerCase(Locale.ROOT)) {
      case "y", "yes" -> decide(question.getKey(), true);
      case "n", "no" -> decide(question.getKey(), false);
      default -> console.err().println("Type y to approve or n to deny.");
    }
  }

  private void decide(String step, boolean approved) {
    open.remove(step);
    try {
      run.judge(new Judgement(step, approved, Decider.of(console), "", null));
    } catch (CommandException e) {
      console.err().println("fanfare: " + Style.harmless(String.valueOf(e.getMessage())));
      tellHow(step);
    }
  }

  private void tellHow(String step) {
    String quoted = PLAIN.matcher(step).matches() ? step : "'" + step.replace("'", "'\\''") + "'";
    console
        .err()
        .println(
            Style.harmless(
                "         decide with: scripts/fanfare approve "
                    + run.id()
                    + " "
                    + quoted
                    + "   (or deny)"));
  }

  /** Lines come from a thread of their own: reading one cannot be given up. */
  private void listen() {
    if (listening) {
      return;
    }
    listening = true;
    terminal
        .get()
        .ifPresent(
            lines -> Thread.ofPlatform().daemon().name("fanfare-answers").start(() -> read(lines)));
  }

  private void read(BufferedReader lines) {
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        answers.add(Optional.of(line));
      }
    } catch (IOException e) {
      // A terminal that is gone answers nothing more.
    }
    answers.add(Optional.empty());
  }
}
