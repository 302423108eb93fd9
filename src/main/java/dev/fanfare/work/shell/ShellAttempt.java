package dev.fanfare.work.shell;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.Outcome;
import dev.fanfare.work.Assignment;
import dev.fanfare.work.Covered;
import dev.fanfare.work.Input.ShellInput;
import dev.fanfare.work.WorkException;
import dev.fanfare.work.log.LogStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One script from start to outputs. Blocks the thread that runs it. */
final class ShellAttempt {

  private static final int STDOUT_KEPT_BYTES = 1 << 20;

  private static final Duration LAST_BYTES = Duration.ofMillis(200);

  private final ShellSettings settings;
  private final Executor threads;
  private final Assignment assignment;
  private final ShellInput input;
  private final Capture stdout = new Capture(STDOUT_KEPT_BYTES);
  private final Tail tail;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile boolean deaf;
  private volatile @Nullable Hiding hiding;

  // Guarded by this.
  private boolean cancelled;
  private @Nullable ProcessGroup group;

  ShellAttempt(ShellSettings settings, Executor threads, Assignment assignment, ShellInput input) {
    this.settings = settings;
    this.threads = threads;
    this.assignment = assignment;
    this.input = input;
    this.tail = new Tail(assignment.log().masker());
  }

  /** Completes when the script and all it started are gone. */
  CompletableFuture<Void> ended() {
    return ended;
  }

  /** Stops the script, also one that has not started yet. */
  void cancel() {
    ProcessGroup running;
    synchronized (this) {
      cancelled = true;
      running = group;
    }
    if (running != null && !ended.isDone()) {
      threads.execute(() -> running.stop(settings.grace()));
    }
  }

  /** Runs the script to its end. Never throws. */
  Outcome run() {
    try {
      return runInScratch();
    } catch (WorkException e) {
      return Outcome.Failed.of(e.error());
    } catch (IOException | RuntimeException e) {
      return Outcome.Failed.of(
          ErrorInfo.of("start_failed", "The script cannot be run: " + e.getMessage() + "."));
    } finally {
      ended.complete(null);
    }
  }

  private Outcome runInScratch() throws WorkException, IOException {
    Scratch scratch = Scratch.create(settings.scratch());
    try {
      Setting setting = Setting.of(assignment, input, scratch, settings.inherited());
      if (!settings.path().isEmpty()) {
        setting.environment().merge("PATH", settings.path(), (path, first) -> first + ":" + path);
      }
      String home = setting.environment().getOrDefault("HOME", System.getProperty("user.home"));
      Path workdir = Workdir.of(input.workdir(), assignment.workspace(), home);
      hiding = new Hiding(scratch, setting);
      Process process = start(setting, scratch, workdir);
      if (process == null) {
        return new Outcome.Stopped("stopped before it started");
      }
      int exitCode = await(process);
      ShellEnd end = new ShellEnd(assignment, input, setting, scratch, workdir);
      return Covered.of(end.outcome(exitCode, stdout, tail), hiding.masker());
    } finally {
      scratch.delete();
    }
  }

  private @Nullable Process start(Setting setting, Scratch scratch, Path workdir)
      throws WorkException, IOException {
    Map<String, String> environment = setting.environment();
    Starter starter = Starter.of(environment);
    List<String> command = new ArrayList<>(SessionCommand.find(environment));
    command.addAll(starter.words());
    command.addAll(
        Interpreter.of(input.shell(), workdir, environment)
            .command(scratch.writeScript(setting.text()), setting.text()));
    ProcessBuilder builder = new ProcessBuilder(command).directory(workdir.toFile());
    builder.redirectInput(starter.input());
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process;
    synchronized (this) {
      if (cancelled) {
        return null;
      }
      process = launch(builder);
      group = new ProcessGroup(process.toHandle());
      try {
        scratch.writeGroup(process.pid(), assignment.run());
      } catch (IOException e) {
        group.stop(Duration.ZERO);
        throw e;
      }
    }
    starter.go(process);
    return process;
  }

  private static Process launch(ProcessBuilder builder) throws WorkException {
    try {
      return builder.start();
    } catch (IOException e) {
      String message = String.valueOf(e.getMessage());
      if (message.contains("error=7") || message.contains("error: 7")) {
        throw new WorkException(
            "env_too_large",
            "The environment of the script is larger than the system allows. Hand large values over"
                + " in a file.");
      }
      throw new WorkException("start_failed", "The script cannot be started: " + message + ".");
    }
  }

  /** Waits for the main process, then for its last output, then for nothing of it to be left. */
  private int await(Process process) {
    CompletableFuture<Void> out = read(process.getInputStream(), LogStream.OUT, stdout);
    CompletableFuture<Void> err = read(process.getErrorStream(), LogStream.ERR, new Capture(0));
    CompletableFuture<Void> both = CompletableFuture.allOf(out, err);
    int exitCode = waitFor(process);
    boolean drained = isDone(both, isCancelled() ? Duration.ZERO : settings.pipeWait());
    stopLeftovers();
    if (!drained) {
      isDone(both, LAST_BYTES);
    }
    deaf = true;
    return exitCode;
  }

  /** Ends what is alive of the script when its main process is not. */
  private void stopLeftovers() {
    ProcessGroup all;
    synchronized (this) {
      all = group;
    }
    if (all != null) {
      all.stop(settings.grace());
    }
  }

  private synchronized boolean isCancelled() {
    return cancelled;
  }

  private CompletableFuture<Void> read(InputStream in, LogStream stream, Capture capture) {
    LinePump pump =
        new LinePump(
            line -> take(stream, line), capture, assignment.pulse(), assignment.log().masker());
    return CompletableFuture.runAsync(() -> pump.pump(in), threads);
  }

  private void take(LogStream stream, String line) {
    Hiding covering = hiding;
    if (!deaf && covering != null) {
      String shown = covering.masker().mask(line);
      assignment.log().line(stream, shown);
      tail.add(shown);
    }
  }

  private static int waitFor(Process process) {
    while (true) {
      try {
        return process.waitFor();
      } catch (InterruptedException e) {
        process.destroy(); // nobody interrupts these threads but an end of the JVM
      }
    }
  }

  private static boolean isDone(CompletableFuture<Void> future, Duration limit) {
    try {
      future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
