package dev.fanfare.trigger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With the values that the senders publish for this. */
class SignaturesTest {

  private static final Instant NOW = Instant.ofEpochSecond(1_614_265_330);

  private static boolean genuine(Map<String, String> headers, String body, String secret) {
    return Signatures.isGenuine(headers, body.getBytes(StandardCharsets.UTF_8), secret, NOW);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "x-hub-signature-256|sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17|It's"
            + " a Secret to Everybody|Hello, World!",
        "x-hub-signature|sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"
            + "|It's a Secret to Everybody|Hello World!",
        "circleci-signature|v1=734cc62f32841568f45715aeb9f4d7891324e6d948e4c6c60c0621cdac48623a"
            + "|secret|hello world",
        "circleci-signature|v1=daa220016c8f29a8b214fbfc3671aeec2145cfb1e6790184ffb38b6d0425fa00"
            + "|another-secret|lalala",
        "circleci-signature"
            + "|v2=00,v1=9be2242094a9a8c00c64306f382a7f9d691de910b4a266f67bd314ef18ac49fa"
            + "|hunter123|an-important-request-payload",
        "x-fanfare-signature|sha256=734CC62F32841568F45715AEB9F4D7891324E6D948E4C6C60C0621CDAC48623A|secret|hello"
            + " world",
        "x-gitlab-token|s3cret|s3cret|any body"
      })
  void the_signatures_of_known_senders_hold(
      String header, String value, String secret, String body) {
    assertTrue(genuine(Map.of(header, value), body, secret));
    assertFalse(genuine(Map.of(header, value), body, secret + "x"));
    assertFalse(genuine(Map.of(header, value.substring(0, value.length() - 1)), body, secret));
    assertFalse(genuine(Map.of(header, ""), body, secret));
    assertFalse(genuine(Map.of("x-other", value), body, secret));
    boolean coversBody = !header.equals("x-gitlab-token");
    assertEquals(!coversBody, genuine(Map.of(header, value), body + " ", secret));
  }

  private static final String KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String BODY = "{\"test\": 2432232314}";

  private static Map<String, String> standard() {
    Map<String, String> headers = new HashMap<>();
    headers.put("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek");
    headers.put("webhook-timestamp", "1614265330");
    headers.put("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    return headers;
  }

  @Test
  void a_standard_webhook_covers_its_id_its_time_and_its_body() {
    assertTrue(genuine(standard(), BODY, KEY));
    assertFalse(genuine(standard(), BODY + " ", KEY));
    for (String header : standard().keySet()) {
      Map<String, String> other = standard();
      other.put(header, other.get(header).replace('J', 'K').replace('0', '1'));
      assertFalse(genuine(other, BODY, KEY), header);
      other.remove(header);
      assertFalse(genuine(other, BODY, KEY), "without " + header);
    }
  }

  @Test
  void a_standard_webhook_may_have_several_signatures() {
    Map<String, String> headers = standard();
    headers.merge("webhook-signature", "v1a,abc v1,AAAA ", (own, others) -> others + own);
    assertTrue(genuine(headers, BODY, KEY));
  }

  @ParameterizedTest
  @CsvSource({"-301, false", "-300, true", "300, true", "301, false", "90000, false"})
  void a_standard_webhook_is_good_for_five_minutes(int seconds, boolean good) {
    assertEquals(
        good,
        Signatures.isGenuine(
            standard(), BODY.getBytes(StandardCharsets.UTF_8), KEY, NOW.plusSeconds(seconds)));
  }

  @Test
  void what_is_no_signature_is_wrong_and_nothing_worse() {
    for (String value : new String[] {"sha256=zz", "sha256=", "sha1=00", ",,,", "sha256=é", "\0"}) {
      assertFalse(genuine(Map.of("x-hub-signature-256", value, "x-hub-signature", value), "", "s"));
    }
    Map<String, String> headers = standard();
    headers.put("webhook-timestamp", "99999999999999999999");
    assertFalse(genuine(headers, BODY, KEY));
    assertFalse(genuine(standard(), BODY, "whsec_"));
    assertFalse(genuine(standard(), BODY, "whsec_no base64"));
  }

  @Test
  void the_old_header_of_github_does_not_count() {
    // HMAC-SHA1, which GitHub still sends beside the other one.
    assertFalse(
        genuine(
            Map.of("x-hub-signature", "sha1=f1b1a5d7b1b5ed5b3f2e7e2f4b6c6a8d9e0f1a2b"),
            "Hello, World!",
            "It's a Secret to Everybody"));
  }
}
