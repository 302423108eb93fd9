package dev.fanfare.function.access;

import dev.fanfare.function.SettingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.Config;

/**
 * How callers of the API are known.
 *
 * @param told what {@code fanfare.auth} says; empty where nothing was said
 * @param iam what callers that AWS has verified may do
 */
public record AccessSettings(Optional<Mode> told, List<Grant> iam) {

  /** How a caller is known. */
  public enum Mode {
    /** Not at all: whoever reaches the server may do everything. */
    NONE,
    /** By a token of the API. */
    TOKEN,
    /** By the signature that AWS has verified. */
    IAM
  }

  /**
   * What callers whose ARN is like a pattern may do.
   *
   * @param arn with {@code *} for anything
   */
  public record Grant(Pattern arn, Set<Scope> scopes) {}

  private static final String AUTH = "fanfare.auth";
  private static final String IAM = "fanfare.auth.iam";
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

  public AccessSettings {
    iam = List.copyOf(iam);
  }

  /**
   * What the configuration says: {@code fanfare.auth} and {@code fanfare.auth.iam}, which is {@code
   * ARN=SCOPE;ARN=SCOPE} with {@code *} for anything in an ARN; whoever AWS has verified is an
   * admin unless it is there.
   *
   * @throws SettingException for what cannot be read
   */
  public static AccessSettings of(Config config) {
    return new AccessSettings(
        text(config, AUTH).map(AccessSettings::mode),
        grants(text(config, IAM).orElse("*=" + Scope.ADMIN.id())));
  }

  /** How the callers of a function are known: by tokens, unless something was said. */
  public Mode onLambda() {
    return told.orElse(Mode.TOKEN);
  }

  /**
   * How the callers of a server are known: not at all on one that only its own machine reaches,
   * unless something was said.
   *
   * @throws SettingException where others reach it and nothing was said, and for what only AWS has
   */
  public Mode onServer(String host) {
    if (told.isEmpty() && !isLoopback(host)) {
      throw new SettingException(
          "other machines reach a server that listens on "
              + host
              + ", and whoever starts a run starts programs here. FANFARE_AUTH=token asks every"
              + " caller for a token ('fanfare token create' makes one); FANFARE_AUTH=none lets"
              + " everybody in");
    }
    Mode mode = told.orElse(Mode.NONE);
    if (mode == Mode.IAM) {
      throw new SettingException(
          "FANFARE_AUTH=iam is for the trigger function on AWS, where AWS verifies who calls; a"
              + " server knows token and none");
    }
    return mode;
  }

  /** What a caller that AWS has verified may do: the first grant that its ARN is like decides. */
  public Set<Scope> scopes(String arn) {
    return iam.stream()
        .filter(grant -> grant.arn().matcher(arn).matches())
        .findFirst()
        .map(Grant::scopes)
        .orElse(Set.of());
  }

  /** Whether an address to listen on is for this machine only. */
  public static boolean isLoopback(String host) {
    return LOOPBACK.contains(host);
  }

  private static Mode mode(String text) {
    for (Mode mode : Mode.values()) {
      if (mode.name().toLowerCase(Locale.ROOT).equals(text)) {
        return mode;
      }
    }
    throw new SettingException(
        "FANFARE_AUTH (fanfare.auth) is 'none', 'token' or 'iam', and not '" + text + "'");
  }

  private static List<Grant> grants(String text) {
    List<Grant> grants = new ArrayList<>();
    for (String entry : text.split(";", -1)) {
      if (!entry.isBlank()) {
        grants.add(grant(entry.strip()));
      }
    }
    return grants;
  }

  private static Grant grant(String entry) {
    int equals = entry.lastIndexOf('=');
    Optional<Scope> scope = Scope.of(entry.substring(equals + 1).strip());
    if (equals < 1 || scope.isEmpty()) {
      throw new SettingException(
          "FANFARE_AUTH_IAM (fanfare.auth.iam) is ARN=SCOPE;ARN=SCOPE with the scopes "
              + Scope.all()
              + ", but it has '"
              + entry
              + "'");
    }
    String arn =
        Arrays.stream(entry.substring(0, equals).strip().split("\\*", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*"));
    return new Grant(Pattern.compile(arn), Set.of(scope.get()));
  }

  private static Optional<String> text(Config config, String key) {
    return config.getOptionalValue(key, String.class).map(String::strip).filter(t -> !t.isEmpty());
  }
}
