package dev.fanfare.function.access;

import dev.fanfare.definition.DurationText;
import dev.fanfare.function.RunIds;
import dev.fanfare.store.TokenStore;
import io.quarkus.arc.Unremovable;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Makes, checks, lists and revokes tokens of the API. */
@Singleton
@Unremovable // the command line looks it up by hand
public class Tokens {

  /** How long a token is good unless something else is asked for. */
  public static final String USUAL_LIFETIME = "90d";

  /** The lifetime of a token that has none. */
  public static final String NEVER = "never";

  private static final int MOST = 1_000;
  private static final int LONGEST_NAME = 100;

  private final TokenStore store;

  @Inject
  public Tokens(Pool pool) {
    this.store = new TokenStore(pool);
  }

  /**
   * A token that is wished for.
   *
   * @param name for people, in lists and as who did something
   * @param scopes what its bearer may do
   * @param lifetime empty for ever
   */
  public record Wish(String name, Set<Scope> scopes, Optional<Duration> lifetime) {

    public Wish {
      scopes = Set.copyOf(scopes);
    }

    /**
     * Reads a wish.
     *
     * @param expires a duration such as {@code 90d}, or {@code never}; 90 days where it is absent
     * @throws BadTokenException when there is no such scope or the name or time cannot be
     */
    public static Wish of(String name, Collection<String> scopes, Optional<String> expires)
        throws BadTokenException {
      if (name.isBlank()
          || name.length() > LONGEST_NAME
          || name.chars().anyMatch(Character::isISOControl)) {
        throw new BadTokenException(
            "a token's name has 1 to " + LONGEST_NAME + " characters and no control characters");
      }
      List<Scope> held = new ArrayList<>();
      for (String scope : scopes) {
        held.add(
            Scope.of(scope)
                .orElseThrow(
                    () ->
                        new BadTokenException(
                            "there is no scope '" + scope + "'; there are " + Scope.all())));
      }
      if (held.isEmpty()) {
        throw new BadTokenException("a token needs a scope: one of " + Scope.all());
      }
      return new Wish(name, Scope.set(held), lifetime(expires.orElse(USUAL_LIFETIME)));
    }

    private static Optional<Duration> lifetime(String text) throws BadTokenException {
      if (text.equals(NEVER)) {
        return Optional.empty();
      }
      Optional<Duration> lifetime = DurationText.parse(text).filter(Duration::isPositive);
      if (lifetime.isEmpty()) {
        throw new BadTokenException(
            "a token expires after a duration such as 90d, or "
                + NEVER
                + ", and not '"
                + text
                + "'");
      }
      return lifetime;
    }
  }

  /**
   * A token that was made.
   *
   * @param secret what its bearer sends; it cannot be had again
   */
  public record Made(TokenStore.Token token, TokenSecret secret) {}

  /** Whom a token stands for. */
  public record Bearer(String name, Set<Scope> scopes) {}

  public Uni<Made> create(Wish wish, String by) {
    TokenSecret secret = TokenSecret.random();
    List<String> scopes = wish.scopes().stream().sorted().map(Scope::id).toList();
    return store
        .add(RunIds.next(), wish.name(), scopes, secret.digest(), by, wish.lifetime())
        .map(token -> new Made(token, secret));
  }

  /** The oldest first, with those that were revoked or have expired. */
  public Uni<List<TokenStore.Token>> list() {
    return store.all(MOST);
  }

  /** From now on the token is good for nothing; empty where there is none of this id. */
  public Uni<Optional<TokenStore.Token>> revoke(UUID id) {
    return store.revoke(id);
  }

  /** Whose token this is; empty where it is none, was revoked or has expired. */
  public Uni<Optional<Bearer>> bearer(String presented) {
    Optional<TokenSecret> secret = TokenSecret.of(presented);
    if (secret.isEmpty()) {
      return Uni.createFrom().item(Optional.empty());
    }
    byte[] digest = secret.get().digest();
    return store
        .find(digest)
        .map(found -> found.filter(good -> MessageDigest.isEqual(good.digest(), digest)))
        .call(
            found ->
                found.filter(TokenStore.Good::stale).isPresent()
                    ? store.used(found.get().token().id())
                    : Uni.createFrom().voidItem())
        .map(found -> found.map(good -> bearer(good.token())));
  }

  private static Bearer bearer(TokenStore.Token token) {
    List<Scope> scopes = token.scopes().stream().map(Scope::of).flatMap(Optional::stream).toList();
    return new Bearer(token.name(), Scope.set(scopes));
  }
}
