package dev.fanfare.local.command;

import dev.fanfare.definition.RunStatus;
import dev.fanfare.json.Json;
import dev.fanfare.local.CommandException;
import dev.fanfare.local.ExitCode;
import dev.fanfare.local.LocalEngine;
import dev.fanfare.local.LocalEngine.LocalRun;
import dev.fanfare.local.RunningApplication;
import dev.fanfare.local.plan.Plan;
import dev.fanfare.local.view.Console;
import dev.fanfare.local.view.Diagnostics;
import dev.fanfare.local.view.Progress;
import dev.fanfare.local.view.ProgressPrinter;
import dev.fanfare.local.view.Summary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The main job: runs a file to its end in this process. */
@Command(
    name = "run",
    description =
        "Runs a workflow file to its end, shows live progress and prints the outcome. Starts the"
            + " embedded PostgreSQL where no other is named.",
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

  private static final Duration FRAME = Duration.ofMillis(100);

  private final Context context;

  @Mixin private WorkflowArguments arguments = new WorkflowArguments();

  @Option(
      names = "--max-parallel",
      paramLabel = "N",
      description = "At most N steps at work at once; 0 is no limit. Overrides the file's.")
  private Optional<Integer> maxParallel = Optional.empty();

  @Option(
      names = "--secrets",
      paramLabel = "FILE",
      description =
          "Values of secrets: a file of NAME=value lines, or a folder with a file for each. Without"
              + " it: FANFARE_SECRETS_FILE. FANFARE_SECRET_NAME in the environment wins.")
  private Optional<Path> secrets = Optional.empty();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description =
          "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}); json prints one object on standard"
              + " output.")
  private OutputFormat output = OutputFormat.TEXT;

  RunCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws CommandException, InterruptedException {
    LocalEngine.Request request = request();
    if (secrets.isPresent() && !Files.isReadable(secrets.get())) {
      throw CommandException.usage("--secrets: " + secrets.get() + " cannot be read");
    }
    if (!isReadable(request)) {
      return ExitCode.USAGE;
    }
    try (RunningApplication application =
        RunningApplication.start(context.home(), context.console().environment(), settings())) {
      LocalEngine engine =
          application
              .bean(LocalEngine.class)
              .orElseThrow(() -> CommandException.failed("this build has no engine in it"));
      LocalRun run = engine.start(request);
      tellOf(engine.resumed());
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

  private LocalEngine.Request request() throws CommandException {
    if (maxParallel.isPresent() && maxParallel.get() < 0) {
      throw CommandException.usage("--max-parallel must be 0 (no limit) or more");
    }
    return new LocalEngine.Request(
        arguments.content(),
        arguments.file(),
        arguments.dialect(),
        arguments.params(),
        arguments.event(),
        arguments.branch(),
        arguments.tag(),
        maxParallel.map(OptionalInt::of).orElse(OptionalInt.empty()));
  }

  /** Says what is wrong with a file before anything is started for it. */
  private boolean isReadable(LocalEngine.Request request) throws CommandException {
    Console console = context.console();
    Plan plan =
        Plan.of(
            request.content(), request.fileName(), request.dialect(), arguments.planInputs(true));
    console
        .err()
        .print(
            new Diagnostics(request.fileName(), request.content(), console.style())
                .render(plan.diagnostics()));
    return plan.isGood();
  }

  private void follow(LocalRun run) throws InterruptedException {
    Progress progress = new Progress();
    ProgressPrinter printer = new ProgressPrinter(context.console(), progress);
    long seen = 0;
    while (!progress.isFinished()) {
      List<Map<String, @Nullable Object>> events = run.events(seen, FRAME);
      for (Map<String, @Nullable Object> event : events) {
        seen = event.get("seq") instanceof Number number ? number.longValue() : seen;
        printer.event(event);
      }
      printer.frame();
    }
    printer.end();
  }

  private int conclude(Map<String, @Nullable Object> outcome) {
    Console console = context.console();
    if (output == OutputFormat.JSON) {
      console.out().println(Json.write(outcome));
    } else {
      console.out().print(new Summary(console.style(), console.columns()).render(outcome));
    }
    return RunStatus.of(String.valueOf(outcome.get("status")))
        .map(ExitCode::of)
        .orElse(ExitCode.FAILED);
  }

  /** Quiet, and no port: several runs and a server may be up on one machine. */
  private Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    settings.put("quarkus.log.level", "WARN");
    settings.put("quarkus.log.console.level", "WARN");
    settings.put("quarkus.http.host-enabled", "false");
    secrets.ifPresent(
        file -> settings.put("fanfare.secrets.file", file.toAbsolutePath().toString()));
    return settings;
  }
}
