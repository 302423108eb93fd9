package dev.fanfare.local.command;

import dev.fanfare.definition.RunStatus;
import dev.fanfare.json.Json;
import dev.fanfare.local.CommandException;
import dev.fanfare.local.ExitCode;
import dev.fanfare.local.LocalEngine;
import dev.fanfare.local.LocalEngine.LocalRun;
import dev.fanfare.local.RunningApplication;
import dev.fanfare.local.view.Console;
import dev.fanfare.local.view.Progress;
import dev.fanfare.local.view.ProgressPrinter;
import dev.fanfare.local.view.Summary;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A run in this process, followed to its end: what it needs is started, progress is shown. */
final class Foreground {

  private static final Duration FRAME = Duration.ofMillis(100);

  private final Context context;
  private final OutputFormat output;
  private final Map<String, String> settings;

  /** Begins or goes on with a run. */
  @FunctionalInterface
  interface Begin {
    LocalRun with(LocalEngine engine) throws CommandException;
  }

  /**
   * @param settings configuration of the application besides what every command in the foreground
   *     has
   */
  Foreground(Context context, OutputFormat output, Map<String, String> settings) {
    this.context = context;
    this.output = output;
    this.settings = settings;
  }

  /**
   * Starts the engine and a run, follows it and says how it ended.
   *
   * @return the exit code
   */
  int run(Begin begin) throws CommandException, InterruptedException {
    try (RunningApplication application =
        RunningApplication.start(context.home(), context.console().environment(), quietly())) {
      LocalEngine engine =
          application
              .bean(LocalEngine.class)
              .orElseThrow(() -> CommandException.failed("this build has no engine in it"));
      LocalRun run = begin.with(engine);
      tellOf(engine.resumed());
      run.warnings()
          .forEach(warning -> context.console().err().println("fanfare: warning: " + warning));
      context.interruption().react(run::cancel);
      follow(run);
      return conclude(run.outcome());
    }
  }

  /** A process that was killed leaves its runs to the next one, whatever that was started for. */
  private void tellOf(List<String> resumed) {
    for (String id : resumed) {
      context
          .console()
          .err()
          .println("fanfare: going on with run " + id + ", which a killed process left");
    }
  }

  private void follow(LocalRun run) throws InterruptedException {
    Progress progress = new Progress();
    ProgressPrinter printer = new ProgressPrinter(context.console(), progress);
    Dialogue dialogue = new Dialogue(context.console(), run, this::terminal);
    long seen = run.before();
    while (!progress.isFinished()) {
      List<Map<String, @Nullable Object>> events = run.events(seen, FRAME);
      if (!events.isEmpty()) {
        dialogue.giveWay();
      }
      for (Map<String, @Nullable Object> event : events) {
        seen = event.get("seq") instanceof Number number ? number.longValue() : seen;
        printer.event(event);
        dialogue.event(event);
      }
      if (dialogue.hasQuestion()) {
        printer.clear();
        dialogue.turn();
      } else {
        printer.frame();
      }
    }
    dialogue.giveWay();
    printer.end();
  }

  /**
   * Where answers are typed: standard input, where the start script says that it and standard error
   * are terminals.
   */
  private Optional<BufferedReader> terminal() {
    Map<String, String> environment = context.console().environment();
    boolean both =
        Stream.of("FANFARE_STDIN_TTY", "FANFARE_STDERR_TTY")
            .allMatch(name -> "1".equals(environment.get(name)));
    return both
        ? Optional.of(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)))
        : Optional.empty();
  }

  private int conclude(Map<String, @Nullable Object> outcome) {
    Console console = context.console();
    if (output == OutputFormat.JSON) {
      console.out().println(Json.write(outcome));
    } else {
      console.out().print(new Summary(console.style(), console.columns()).render(outcome));
    }
    if (outcome.get("reason") instanceof Map<?, ?> reason
        && "concurrency_skipped".equals(reason.get("code"))) {
      return ExitCode.OK;
    }
    return RunStatus.of(String.valueOf(outcome.get("status")))
        .map(ExitCode::of)
        .orElse(ExitCode.FAILED);
  }

  /** No port: several runs and a server may be up on one machine. */
  private Map<String, String> quietly() {
    Map<String, String> quiet = new HashMap<>(settings);
    quiet.putAll(quiet());
    return quiet;
  }

  /** Configuration of a command that only tells what went wrong. */
  static Map<String, String> quiet() {
    Map<String, String> quiet = new HashMap<>();
    quiet.put("quarkus.log.level", "WARN");
    quiet.put("quarkus.log.console.level", "WARN");
    quiet.put("quarkus.http.host-enabled", "false");
    return quiet;
  }
}
