package dev.fanfare.store;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Tokens of the API, by the digests of their secrets; the secrets themselves are never here. */
public final class TokenStore {

  private static final String COLUMNS =
      """
      id, name, scopes, created_by, created_at, expires_at, used_at, revoked_at,
      (expires_at IS NOT NULL AND expires_at <= now()) AS expired
      """;

  private static final String ADD =
      """
      INSERT INTO api_token (id, name, scopes, digest, created_by, expires_at)
      VALUES ($1, $2, $3, $4, $5, now() + $6::bigint * interval '1 millisecond')
      RETURNING
      """
          + COLUMNS;

  /** One probe of the index on {@code digest}. */
  private static final String FIND =
      """
      SELECT digest, (used_at IS NULL OR used_at < now() - interval '1 hour') AS stale,
      """
          + COLUMNS
          + """
           FROM api_token
           WHERE digest = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
          """;

  private static final String USED =
      """
      UPDATE api_token SET used_at = now()
       WHERE id = $1 AND (used_at IS NULL OR used_at < now() - interval '1 hour')
      """;

  private static final String ALL =
      "SELECT " + COLUMNS + " FROM api_token ORDER BY created_at, id LIMIT $1";

  private static final String REVOKE =
      "UPDATE api_token SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1 RETURNING "
          + COLUMNS;

  private final Pool pool;

  public TokenStore(Pool pool) {
    this.pool = pool;
  }

  /**
   * What is known of a token.
   *
   * @param scopes their names
   * @param createdBy who made it
   * @param expiresAt empty where it never does
   * @param usedAt when it was used last, to the hour
   * @param expired by the clock of the database
   */
  public record Token(
      UUID id,
      String name,
      List<String> scopes,
      String createdBy,
      Instant createdAt,
      Optional<Instant> expiresAt,
      Optional<Instant> usedAt,
      Optional<Instant> revokedAt,
      boolean expired) {

    public Token {
      scopes = List.copyOf(scopes);
    }

    static Token of(Row row) {
      return new Token(
          row.getUUID("id"),
          row.getString("name"),
          List.of(row.getArrayOfStrings("scopes")),
          row.getString("created_by"),
          row.getOffsetDateTime("created_at").toInstant(),
          time(row, "expires_at"),
          time(row, "used_at"),
          time(row, "revoked_at"),
          row.getBoolean("expired"));
    }

    private static Optional<Instant> time(Row row, String column) {
      return Optional.ofNullable(row.getOffsetDateTime(column)).map(OffsetDateTime::toInstant);
    }
  }

  /**
   * A token that is good now.
   *
   * @param digest as it is stored, to be compared in constant time
   * @param stale whether its last use is to be noted
   */
  @SuppressWarnings("ArrayRecordComponent") // compared in constant time, and by its owner
  public record Good(Token token, byte[] digest, boolean stale) {}

  /**
   * Adds a token.
   *
   * @param lifetime how long it is good; empty for ever
   */
  public Uni<Token> add(
      UUID id,
      String name,
      List<String> scopes,
      byte[] digest,
      String createdBy,
      Optional<Duration> lifetime) {
    Tuple values =
        Tuple.tuple()
            .addUUID(id)
            .addString(name)
            .addArrayOfString(scopes.toArray(String[]::new))
            .addBuffer(Buffer.buffer(digest))
            .addString(createdBy)
            .addLong(lifetime.map(Duration::toMillis).orElse(null));
    return pool.preparedQuery(ADD)
        .execute(values)
        .map(rows -> Queries.first(rows, Token::of).orElseThrow());
  }

  /** The token with this digest, unless it was revoked or its time is over. */
  public Uni<Optional<Good>> find(byte[] digest) {
    return pool.preparedQuery(FIND)
        .execute(Tuple.tuple().addBuffer(Buffer.buffer(digest)))
        .map(
            rows ->
                Queries.first(
                    rows,
                    row ->
                        new Good(
                            Token.of(row),
                            row.getBuffer("digest").getBytes(),
                            row.getBoolean("stale"))));
  }

  /** Notes that a token is used, at most once an hour. */
  public Uni<Void> used(UUID id) {
    return pool.preparedQuery(USED).execute(Tuple.of(id)).replaceWithVoid();
  }

  /** The oldest tokens first, the revoked ones among them. */
  public Uni<List<Token>> all(int limit) {
    return pool.preparedQuery(ALL)
        .execute(Tuple.of(limit))
        .map(rows -> Queries.list(rows, Token::of));
  }

  /** Revokes a token, if there is such a one; again is harmless. */
  public Uni<Optional<Token>> revoke(UUID id) {
    return pool.preparedQuery(REVOKE)
        .execute(Tuple.of(id))
        .map(rows -> Queries.first(rows, Token::of));
  }
}
