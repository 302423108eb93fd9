package dev.fanfare.local.command;

import dev.fanfare.json.Json;
import dev.fanfare.local.CommandException;
import dev.fanfare.local.ExitCode;
import dev.fanfare.local.view.Console;
import dev.fanfare.local.view.Style;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists tokens, without their secrets. */
@Command(
    name = "list",
    description = "Lists the tokens, without their secrets.",
    mixinStandardHelpOptions = true)
final class TokenListCommand implements Callable<Integer> {

  private static final String ROW = "%-36s  %-20s  %-10s  %-8s  %-24s  %s%n";

  private final Context context;

  @Mixin private TokenDesk desk = new TokenDesk();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
  private OutputFormat output = OutputFormat.TEXT;

  TokenListCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws CommandException, InterruptedException {
    Object answer = desk.list(context);
    Console console = context.console();
    if (output == OutputFormat.JSON) {
      console.out().println(Json.write(answer));
      return ExitCode.OK;
    }
    List<?> tokens =
        answer instanceof Map<?, ?> map && map.get("tokens") instanceof List<?> list
            ? list
            : List.of();
    if (tokens.isEmpty()) {
      console.out().println("No tokens yet.");
      return ExitCode.OK;
    }
    console
        .out()
        .printf(Locale.ROOT, ROW, "ID", "NAME", "SCOPES", "STATUS", "EXPIRES", "LAST USED");
    for (Object each : tokens) {
      if (each instanceof Map<?, ?> token) {
        console
            .out()
            .printf(
                Locale.ROOT,
                ROW,
                text(token.get("id")),
                text(token.get("name")),
                scopes(token.get("scopes")),
                text(token.get("status")),
                token.get("expiresAt") == null ? "never" : text(token.get("expiresAt")),
                token.get("usedAt") == null ? "never" : text(token.get("usedAt")));
      }
    }
    return ExitCode.OK;
  }

  private static String scopes(@Nullable Object value) {
    return value instanceof List<?> list
        ? list.stream().map(TokenListCommand::text).collect(Collectors.joining(","))
        : "";
  }

  private static String text(@Nullable Object value) {
    return Style.harmless(String.valueOf(value));
  }
}
