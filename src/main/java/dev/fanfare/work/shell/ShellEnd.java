package dev.fanfare.work.shell;

import dev.fanfare.definition.Outcome;
import dev.fanfare.work.Assignment;
import dev.fanfare.work.Input.ShellInput;
import dev.fanfare.work.WorkException;
import dev.fanfare.work.Yield;
import dev.fanfare.work.log.LogStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What became of a script that has ended by itself. */
record ShellEnd(
    Assignment assignment, ShellInput input, Setting setting, Scratch scratch, Path workdir) {

  private static final int LONGEST_REASON = 500;

  /**
   * The outcome, with what the script has left kept.
   *
   * @throws WorkException when an output that it declares cannot be taken
   */
  Outcome outcome(int exitCode, Capture stdout, Tail tail) throws WorkException, IOException {
    Optional<String> skip = exitCode == 0 ? reasonToSkip() : Optional.empty();
    if (skip.isPresent()) {
      return new Outcome.Skipped(skip.get());
    }
    Exports exports = exports();
    exports.leaveIn(assignment.workspace());
    ShellOutputs outputs =
        new ShellOutputs(
            assignment.workspace(), workdir, stdout, exports.shown(), assignment.log().masker());
    if (exitCode == 0) {
      Object output = outputs.collect(input.outputs(), scratch.output());
      if (outputs.isTooLong()) {
        assignment
            .log()
            .line(
                LogStream.NOTE,
                "more than 256 KiB of standard output is not kept as the step's output; declare"
                    + " an output to keep part of it");
      }
      return Yield.of(output, Optional.of(0), ShellWork.LARGE_OUTPUT_ADVICE);
    }
    return new Outcome.Failed(ExitError.of(exitCode, tail), Yield.orNothing(leftBehind(outputs)));
  }

  /** The first line that says something in the file behind {@code $FANFARE_SKIP}. */
  private Optional<String> reasonToSkip() throws IOException {
    if (!Files.isRegularFile(scratch.skip())) {
      return Optional.empty();
    }
    Capture kept = new Capture(LONGEST_REASON * 4);
    try (var in = Files.newInputStream(scratch.skip())) {
      byte[] bytes = in.readNBytes(LONGEST_REASON * 4);
      kept.add(bytes, bytes.length);
    }
    return kept.text().lines().findFirst().map(ShellEnd::shortened);
  }

  private static String shortened(String line) {
    String clean = Yield.cleanText(line.strip());
    return clean.length() <= LONGEST_REASON ? clean : clean.substring(0, LONGEST_REASON) + "…";
  }

  private Exports exports() throws WorkException, IOException {
    Optional<String> file = setting.tools().exports();
    return file.isPresent()
        ? Exports.of(scratch, assignment.workspace().resolve(file.get()))
        : Exports.NONE;
  }

  private @Nullable Object leftBehind(ShellOutputs outputs) {
    try {
      return outputs.collect(input.outputs(), scratch.output());
    } catch (WorkException e) {
      return null;
    }
  }
}
