package dev.fanfare.function.access;

import dev.fanfare.function.RunJson;
import dev.fanfare.store.TokenStore;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tokens as JSON: the same from the API, the operator function and the command line. */
public final class TokenJson {

  private TokenJson() {}

  /** A token without its secret. */
  public static Map<String, @Nullable Object> of(TokenStore.Token token) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", token.id().toString());
    json.put("name", token.name());
    json.put("scopes", token.scopes());
    json.put("status", status(token));
    json.put("createdBy", token.createdBy());
    json.put("createdAt", RunJson.time(token.createdAt()));
    json.put("expiresAt", token.expiresAt().map(RunJson::time).orElse(null));
    json.put("usedAt", token.usedAt().map(RunJson::time).orElse(null));
    json.put("revokedAt", token.revokedAt().map(RunJson::time).orElse(null));
    return json;
  }

  /** A new token with its secret, which is shown this once. */
  public static Map<String, @Nullable Object> of(Tokens.Made made) {
    Map<String, @Nullable Object> json = of(made.token());
    json.put("secret", made.secret().reveal());
    return json;
  }

  private static String status(TokenStore.Token token) {
    if (token.revokedAt().isPresent()) {
      return "revoked";
    }
    return token.expired() ? "expired" : "active";
  }
}
