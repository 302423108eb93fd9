package dev.fanfare.function;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.fanfare.function.access.BadTokenException;
import dev.fanfare.function.access.TokenJson;
import dev.fanfare.function.access.Tokens;
import dev.fanfare.json.Json;
import dev.fanfare.store.Migrations;
import dev.fanfare.store.SchemaException;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;

/**
 * The operator function: what only the one who deploys may do. Nothing else on Lambda migrates.
 *
 * <p>Event: {@code {migrate: {}}} brings the database to the schema of this build and answers with
 * {@code {applied, version}}, the migrations that were run and where the schema is now. {@code
 * {token: {create: {name, scopes, expires}}}}, {@code {token: {list: {}}}} and {@code {token:
 * {revoke: {id}}}} answer as the API does. What cannot be done is an error of the function, with a
 * sentence.
 */
@Named("operator")
public class OperatorFunction implements RequestHandler<Map<String, Object>, Map<String, Object>> {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String USAGE =
      "the operator takes {\"migrate\": {}}, {\"token\": {\"create\": {\"name\", \"scopes\","
          + " \"expires\"}}}, {\"token\": {\"list\": {}}} or {\"token\": {\"revoke\": {\"id\"}}}";

  private final Supplier<Tokens> tokens;
  private final Config config;

  @Inject
  OperatorFunction(Instance<Tokens> tokens, Config config) {
    this(tokens::get, config);
  }

  OperatorFunction(Supplier<Tokens> tokens, Config config) {
    this.tokens = tokens;
    this.config = config;
  }

  @Override
  public Map<String, Object> handleRequest(Map<String, Object> raw, @Nullable Context context) {
    Map<String, Object> request = Payloads.object(Json.plain(raw));
    Optional<String> wish = only(request);
    if (wish.filter("migrate"::equals).isPresent()) {
      return migrate();
    }
    Map<String, Object> token = Payloads.object(request.get("token"));
    return switch (wish.filter("token"::equals).flatMap(named -> only(token)).orElse("")) {
      case "create" -> create(Payloads.object(token.get("create")));
      case "list" ->
          Map.of(
              "tokens",
              tokens().list().await().atMost(PATIENCE).stream().map(TokenJson::of).toList());
      case "revoke" -> revoke(Payloads.text(Payloads.object(token.get("revoke")), "id"));
      default -> throw new IllegalArgumentException(USAGE);
    };
  }

  private static Optional<String> only(Map<String, Object> wishes) {
    return wishes.size() == 1 ? wishes.keySet().stream().findFirst() : Optional.empty();
  }

  private Map<String, Object> migrate() {
    DatabaseLogin login = DatabaseLogin.of(config);
    try {
      List<Integer> applied = Migrations.migrate(login.jdbcUrl(), login.user(), login.password());
      Map<String, Object> answer = new LinkedHashMap<>();
      answer.put("applied", applied);
      answer.put("version", Migrations.version());
      return answer;
    } catch (SchemaException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private Map<String, Object> create(Map<String, Object> wish) {
    List<String> scopes =
        wish.get("scopes") instanceof List<?> list
            ? list.stream().map(String::valueOf).toList()
            : List.of();
    try {
      Tokens.Wish wanted =
          Tokens.Wish.of(
              Payloads.text(wish, "name").orElse(""), scopes, Payloads.text(wish, "expires"));
      return Payloads.object(
          TokenJson.of(tokens().create(wanted, "operator").await().atMost(PATIENCE)));
    } catch (BadTokenException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private Map<String, Object> revoke(Optional<String> id) {
    Optional<UUID> token;
    try {
      token = id.map(UUID::fromString);
    } catch (IllegalArgumentException e) {
      token = Optional.empty();
    }
    return token
        .flatMap(known -> tokens().revoke(known).await().atMost(PATIENCE))
        .map(revoked -> Payloads.object(TokenJson.of(revoked)))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no token with the id '" + id.orElse("") + "'; list shows them"));
  }

  private Tokens tokens() {
    return tokens.get();
  }
}
