package dev.fanfare.local.command;

import dev.fanfare.local.Benchmarks;
import dev.fanfare.local.CommandException;
import dev.fanfare.local.ExitCode;
import dev.fanfare.local.RunningApplication;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures the engine in this process. */
@Command(
    name = "bench",
    description = {
      "Runs the workloads of docs/performance.md in this process, one JSON line each.",
      "'bench lambda' measures what is deployed to Lambda instead: see 'bench lambda --help'."
    },
    mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {

  private final Context context;

  @Parameters(
      arity = "0..1",
      paramLabel = "WORKLOAD",
      description = "One workload; all without it.")
  private Optional<String> workload = Optional.empty();

  @Option(names = "--size", paramLabel = "N", description = "How large the workload is.")
  private Optional<Integer> size = Optional.empty();

  BenchCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws CommandException, InterruptedException {
    Map<String, String> settings = Map.of("quarkus.log.level", "WARN", "quarkus.http.port", "0");
    try (RunningApplication application =
        RunningApplication.start(context.home(), context.console().environment(), settings)) {
      Benchmarks benchmarks =
          application
              .bean(Benchmarks.class)
              .orElseThrow(() -> CommandException.failed("this build has no benchmarks in it"));
      benchmarks.run(
          workload,
          size.map(OptionalInt::of).orElse(OptionalInt.empty()),
          context.console().out()::println);
    }
    return ExitCode.OK;
  }
}
