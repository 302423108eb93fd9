package dev.fanfare.local.command;

import dev.fanfare.function.ApprovalService;
import dev.fanfare.json.Json;
import dev.fanfare.local.CommandException;
import dev.fanfare.local.ExitCode;
import dev.fanfare.local.LocalEngine;
import dev.fanfare.local.view.Style;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What somebody decides about a step: the arguments that approve and deny share. */
final class DecisionArguments {

  private static final long LARGEST_FORM_BYTES = 1 << 20;

  @Mixin private ServerOptions server = new ServerOptions();

  @Parameters(index = "0", paramLabel = "RUN", description = "The run's id, or its beginning.")
  private String run = "";

  @Parameters(index = "1", paramLabel = "STEP", description = "The step's id.")
  private String step = "";

  @Option(
      names = "--by",
      paramLabel = "NAME",
      description = "Who decides (default: the user; with a token, its name).")
  private Optional<String> by = Optional.empty();

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept with the decision.")
  private String reason = "";

  @Option(
      names = "--form",
      paramLabel = "NAME=VALUE|@FILE",
      description =
          "A field of the form, or a JSON file with fields. A value is JSON where it can be read as"
              + " such, else a text. May be given several times.")
  private List<String> form = new ArrayList<>();

  @Mixin private SecretsOption secrets = new SecretsOption();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
  private OutputFormat output = OutputFormat.TEXT;

  int decide(Context context, boolean approved) throws CommandException, InterruptedException {
    LocalEngine.Judgement judgement =
        new LocalEngine.Judgement(
            step, approved, by.orElseGet(() -> Decider.of(context.console())), reason, form());
    if (!server.isThere(context)) {
      return new Foreground(context, output, secrets.settings())
          .run(
              engine -> {
                LocalEngine.Judged judged = engine.judge(run, judgement);
                context.console().err().println(Style.harmless(judged.sentence()));
                return judged.run();
              });
    }
    Object answer = server.client(context).post(path(approved), body(context, judgement));
    if (output == OutputFormat.JSON) {
      context.console().out().println(Json.write(answer));
    } else if (answer instanceof Map<?, ?> decision) {
      context.console().err().println(Style.harmless(sentence(decision)));
    }
    return ExitCode.OK;
  }

  private String path(boolean approved) {
    return ServerClient.RUNS
        + "/"
        + ServerClient.segment(run)
        + "/steps/"
        + ServerClient.segment(step)
        + (approved ? "/approve" : "/deny");
  }

  /** A server that knows who calls says itself who decided, unless it is told otherwise. */
  private Map<String, @Nullable Object> body(Context context, LocalEngine.Judgement judgement) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    if (by.isPresent() || server.token(context).isEmpty()) {
      body.put("by", judgement.by());
    }
    body.put("reason", judgement.reason());
    body.put("form", judgement.form());
    return body;
  }

  private String sentence(Map<?, ?> decision) {
    return new ApprovalService.Answer.Decided(
            String.valueOf(decision.get("decision")),
            String.valueOf(decision.get("by")),
            String.valueOf(decision.get("at")),
            "",
            Boolean.TRUE.equals(decision.get("decided")))
        .sentence(step);
  }

  /** The form's fields; null where none is given. */
  private @Nullable Map<String, @Nullable Object> form() throws CommandException {
    if (form.isEmpty()) {
      return null;
    }
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    for (String given : form) {
      int equals = given.indexOf('=');
      if (given.startsWith("@")) {
        fields.putAll(file(given.substring(1)));
      } else if (equals > 0) {
        fields.put(given.substring(0, equals), value(given.substring(equals + 1)));
      } else {
        throw CommandException.usage(
            "--form '" + given + "' is neither NAME=VALUE nor @FILE; write --form ticket=OPS-7");
      }
    }
    return fields;
  }

  private static @Nullable Object value(String text) {
    try {
      return Json.parse(text);
    } catch (Json.JsonException e) {
      return text;
    }
  }

  private static Map<String, @Nullable Object> file(String name) throws CommandException {
    try {
      Path path = Path.of(name);
      if (Files.size(path) > LARGEST_FORM_BYTES) {
        throw CommandException.usage("the form " + name + " is larger than 1 MiB");
      }
      if (!(Json.parse(Files.readString(path)) instanceof Map<?, ?> map)) {
        throw CommandException.usage("the form " + name + " holds no JSON object");
      }
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      map.forEach((key, value) -> fields.put(String.valueOf(key), value));
      return fields;
    } catch (Json.JsonException e) {
      throw CommandException.usage("the form " + name + " is not JSON: " + e.getMessage());
    } catch (IOException | InvalidPathException e) {
      throw CommandException.usage("the form " + name + " cannot be read: " + e.getMessage());
    }
  }
}
