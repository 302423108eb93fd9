package dev.fanfare.local.command;

import dev.fanfare.function.SettingException;
import dev.fanfare.local.CommandException;
import dev.fanfare.local.ExitCode;
import dev.fanfare.local.view.Console;
import dev.fanfare.local.view.Style;
import dev.fanfare.secret.ProcessSecrets;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns whatever a command throws into one sentence and an exit code. */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {

  private static final DateTimeFormatter FILE_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final int MAX_CAUSES = 20;

  private final Context context;

  Failures(Context context) {
    this.context = context;
  }

  @Override
  public int handleParseException(ParameterException failure, String[] arguments) {
    CommandLine line = failure.getCommandLine();
    sentence(failure.getMessage() + suggestions(failure));
    String command = line.getCommandSpec().qualifiedName();
    context.console().err().println("Try '" + command + " --help'.");
    return ExitCode.USAGE;
  }

  @Override
  public int handleExecutionException(
      Exception failure, CommandLine line, ParseResult parseResult) {
    if (failure instanceof CommandException expected) {
      sentence(String.valueOf(expected.getMessage()));
      return expected.exitCode();
    }
    Optional<SettingException> setting = setting(failure);
    if (setting.isPresent()) {
      sentence(String.valueOf(setting.get().getMessage()));
      return ExitCode.USAGE;
    }
    if (context.interruption().isInterrupted()) {
      sentence("interrupted before it had begun");
      return ExitCode.CANCELLED;
    }
    sentence("something unexpected happened: " + describe(failure) + "; " + keepDetails(failure));
    return ExitCode.FAILED;
  }

  /** Whether it is that the process is configured wrongly: found where something is first made. */
  private static Optional<SettingException> setting(Throwable failure) {
    Throwable at = failure;
    for (int depth = 0; at != null && depth < MAX_CAUSES; depth++) {
      if (at instanceof SettingException setting) {
        return Optional.of(setting);
      }
      at = at.getCause();
    }
    return Optional.empty();
  }

  private void sentence(String text) {
    Console console = context.console();
    console.err().println(console.style().red("fanfare:") + " " + Style.harmless(covered(text)));
  }

  /** What went wrong may quote what a step was given. */
  private static String covered(String text) {
    return ProcessSecrets.masker().mask(text);
  }

  private static String suggestions(ParameterException failure) {
    if (failure instanceof UnmatchedArgumentException unmatched) {
      List<String> similar = unmatched.getSuggestions();
      return similar.isEmpty() ? "" : " (did you mean " + String.join(" or ", similar) + "?)";
    }
    return "";
  }

  private static String describe(Throwable failure) {
    String message = failure.getMessage();
    return failure.getClass().getSimpleName() + (message == null ? "" : ": " + message);
  }

  private String keepDetails(Exception failure) {
    StringWriter details = new StringWriter();
    failure.printStackTrace(new PrintWriter(details, true));
    try {
      Path file =
          context.home().logs().resolve("failure-" + FILE_TIME.format(Instant.now()) + ".log");
      Files.writeString(file, covered(details.toString()));
      return "the details are in " + file;
    } catch (IOException e) {
      return "the details could not be written below " + context.home().root();
    }
  }
}
