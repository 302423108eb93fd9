package dev.fanfare.local.command;

import dev.fanfare.function.access.BadTokenException;
import dev.fanfare.function.access.TokenJson;
import dev.fanfare.function.access.Tokens;
import dev.fanfare.local.CommandException;
import dev.fanfare.local.RunningApplication;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/**
 * Where tokens are: a server, if one is named, else the database of this machine. A server that
 * merely runs here is not asked: it would want a token for the first one.
 */
final class TokenDesk {

  private static final String PATH = "/api/tokens";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Mixin private ServerOptions server = new ServerOptions();

  /** What is done with the tokens of a database. */
  @FunctionalInterface
  private interface Deed<T> {
    T with(Tokens tokens) throws CommandException;
  }

  @Nullable Object create(
      Context context, String name, List<String> scopes, Optional<String> expires)
      throws CommandException, InterruptedException {
    if (server.isNamed(context)) {
      Map<String, Object> wish = new LinkedHashMap<>();
      wish.put("name", name);
      wish.put("scopes", scopes);
      expires.ifPresent(text -> wish.put("expires", text));
      return server.client(context).post(PATH, wish);
    }
    Tokens.Wish wish;
    try {
      wish = Tokens.Wish.of(name, scopes, expires);
    } catch (BadTokenException e) {
      throw CommandException.usage(String.valueOf(e.getMessage()));
    }
    String by = Decider.of(context.console());
    return here(context, tokens -> TokenJson.of(tokens.create(wish, by).await().atMost(PATIENCE)));
  }

  /** {@code {tokens}}. */
  @Nullable Object list(Context context) throws CommandException, InterruptedException {
    if (server.isNamed(context)) {
      return server.client(context).get(PATH);
    }
    return here(
        context,
        tokens ->
            Map.of(
                "tokens",
                tokens.list().await().atMost(PATIENCE).stream().map(TokenJson::of).toList()));
  }

  @Nullable Object revoke(Context context, String id)
      throws CommandException, InterruptedException {
    if (server.isNamed(context)) {
      return server
          .client(context)
          .post(PATH + "/" + ServerClient.segment(id) + "/revoke", Map.of());
    }
    Optional<UUID> token = id(id);
    return here(
        context,
        tokens ->
            token
                .flatMap(known -> tokens.revoke(known).await().atMost(PATIENCE))
                .map(TokenJson::of)
                .orElseThrow(
                    () ->
                        CommandException.usage(
                            "there is no token '" + id + "'; 'token list' shows their ids")));
  }

  private static Optional<UUID> id(String text) {
    try {
      return Optional.of(UUID.fromString(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static <T> T here(Context context, Deed<T> deed) throws CommandException {
    try (RunningApplication application =
        RunningApplication.start(
            context.home(), context.console().environment(), Foreground.quiet())) {
      return deed.with(
          application
              .bean(Tokens.class)
              .orElseThrow(() -> CommandException.failed("this build has no tokens in it")));
    }
  }
}
