package dev.fanfare.trigger;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Whether a delivery comes from somebody who knows the secret.
 *
 * <p>Each sender has its own header; one that holds is enough, because none can be made without the
 * secret. All are compared in constant time. The schemes, as their makers document them:
 *
 * <ul>
 *   <li>GitHub, {@code X-Hub-Signature-256: sha256=HEX}: HMAC-SHA256 of the body.
 *   <li>Bitbucket, {@code X-Hub-Signature: sha256=HEX}: the same. GitHub's header of this name has
 *       SHA-1 and does not count.
 *   <li>CircleCI, {@code circleci-signature: v1=HEX}: the same, in a list of versions.
 *   <li>GitLab, {@code X-Gitlab-Token}: the secret itself.
 *   <li>GitLab's signing token and other senders after the Standard Webhooks specification, {@code
 *       webhook-signature: v1,BASE64} in a list: HMAC-SHA256 of {@code webhook-id}, {@code
 *       webhook-timestamp} and the body, joined by points. The key is the base64 after {@code
 *       whsec_}. The time must be within five minutes.
 *   <li>Anybody else, {@code X-Fanfare-Signature: sha256=HEX}.
 * </ul>
 */
public final class Signatures {

  static final Duration TOLERANCE = Duration.ofMinutes(5);

  private static final String ENCODED_KEY = "whsec_";

  private final byte[] body;
  private final String secret;

  private Signatures(byte[] body, String secret) {
    this.body = body;
    this.secret = secret;
  }

  /**
   * Whether a request was signed by somebody who knows the secret.
   *
   * @param headers by their names in lower case
   * @param secret not empty
   */
  public static boolean isGenuine(
      Map<String, String> headers, byte[] body, String secret, Instant now) {
    Signatures signatures = new Signatures(body, secret);
    // Each of them is asked, so that an answer's time tells nothing of which one a sender meant.
    return Stream.of(
            signatures.isHex(headers.get("x-hub-signature-256"), "sha256="),
            signatures.isHex(headers.get("x-hub-signature"), "sha256="),
            signatures.isHex(headers.get("x-fanfare-signature"), "sha256="),
            signatures.isHex(headers.get("circleci-signature"), "v1="),
            signatures.isToken(headers.get("x-gitlab-token")),
            signatures.isStandard(headers, now))
        .anyMatch(genuine -> genuine);
  }

  private boolean isToken(@Nullable String token) {
    return token != null && equal(utf8(token), utf8(secret));
  }

  private boolean isHex(@Nullable String header, String scheme) {
    if (header == null) {
      return false;
    }
    byte[] expected = hmac(utf8(secret), body);
    boolean found = false;
    for (String part : header.split(",", -1)) {
      String signature = part.strip();
      if (signature.startsWith(scheme)) {
        found |=
            unhex(signature.substring(scheme.length()))
                .filter(given -> equal(given, expected))
                .isPresent();
      }
    }
    return found;
  }

  private boolean isStandard(Map<String, String> headers, Instant now) {
    String id = headers.get("webhook-id");
    String time = headers.get("webhook-timestamp");
    String list = headers.get("webhook-signature");
    Optional<byte[]> key = key();
    if (id == null || time == null || list == null || key.isEmpty() || !isRecent(time, now)) {
      return false;
    }
    byte[] expected = hmac(key.get(), utf8(id + "." + time + "."), body);
    boolean found = false;
    for (String signature : list.split(" ", -1)) {
      if (signature.startsWith("v1,")) {
        found |=
            unbase64(signature.substring(3)).filter(given -> equal(given, expected)).isPresent();
      }
    }
    return found;
  }

  private static boolean isRecent(String time, Instant now) {
    if (!time.matches("[0-9]{1,12}")) {
      return false;
    }
    Duration distance = Duration.between(Instant.ofEpochSecond(Long.parseLong(time)), now).abs();
    return distance.compareTo(TOLERANCE) <= 0;
  }

  private Optional<byte[]> key() {
    return secret.startsWith(ENCODED_KEY)
        ? unbase64(secret.substring(ENCODED_KEY.length())).filter(key -> key.length > 0)
        : Optional.of(utf8(secret));
  }

  private static Optional<byte[]> unhex(String text) {
    try {
      return Optional.of(HexFormat.of().parseHex(text));
    } catch (IllegalArgumentException notHex) {
      return Optional.empty();
    }
  }

  private static Optional<byte[]> unbase64(String text) {
    try {
      return Optional.of(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  private static boolean equal(byte[] given, byte[] expected) {
    return MessageDigest.isEqual(given, expected);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] hmac(byte[] key, byte[]... parts) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      for (byte[] part : parts) {
        mac.update(part);
      }
      return mac.doFinal();
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java platform has HMAC-SHA256", e);
    }
  }
}
