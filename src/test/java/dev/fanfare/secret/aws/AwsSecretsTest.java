package dev.fanfare.secret.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.secret.SecretStore;
import dev.fanfare.secret.SecretUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AwsSecretsTest {

  private static final Map<String, String> OWN =
      Map.of(
          "DB_PASSWORD", "prod/db#password",
          "DB_PORT", "prod/db#port",
          "DB_NONE", "prod/db#none",
          "PLAIN_MEMBER", "prod/plain#x",
          "ARN", "arn:aws:secretsmanager:us-east-1:123456789012:secret:other",
          "SHORT", "flat");

  private final AwsServer server = new AwsServer();

  @BeforeAll
  static void credentials() {
    System.setProperty("aws.accessKeyId", "AKIDEXAMPLE");
    System.setProperty("aws.secretAccessKey", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
  }

  @AfterAll
  static void noCredentials() {
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static final AwsNames NAMES =
      new AwsNames("fanfare/", name -> Optional.ofNullable(OWN.get(name)));

  private SecretStore manager() {
    return new SecretsManagerSecrets(
        NAMES, new AwsClients(Optional.of(server.url())), Runnable::run);
  }

  private SecretStore parameters() {
    return new ParameterStoreSecrets(
        NAMES, new AwsClients(Optional.of(server.url())), Runnable::run);
  }

  private static Optional<String> get(SecretStore store, String name) {
    return store.value(name).await().atMost(Duration.ofSeconds(30));
  }

  private static String refused(SecretStore store, String name) {
    String message =
        assertThrows(SecretUnavailableException.class, () -> get(store, name)).getMessage();
    assertFalse(message.contains("hunter2"), message);
    return message;
  }

  @Test
  void a_secret_of_secrets_manager_is_asked_for_by_its_prefixed_name_and_the_request_is_signed() {
    server.secret("fanfare/TOKEN", "hunter2");
    SecretStore store = manager();
    assertEquals(Optional.of("hunter2"), get(store, "TOKEN"));
    assertEquals(Optional.empty(), get(store, "NONE"));
    AwsServer.Asked first = server.asked().getFirst();
    assertEquals("secretsmanager.GetSecretValue", first.target());
    assertEquals(Map.of("SecretId", "fanfare/TOKEN"), first.body());
    assertTrue(
        first
            .authorization()
            .matches(
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/\\d{8}/us-east-1/secretsmanager/"
                    + "aws4_request, SignedHeaders=.*x-amz-date.*, Signature=[0-9a-f]{64}"),
        first.authorization());
    assertEquals(List.of("AWS Secrets Manager (fanfare/TOKEN)"), store.places("TOKEN"));
  }

  @Test
  void a_member_of_a_json_secret_can_be_a_secret_of_its_own() {
    server.secret("prod/db", "{\"user\":\"u\",\"password\":\"hunter2\",\"port\":5432}");
    server.secret("prod/plain", "hunter2");
    server.secret(OWN.get("ARN"), "whole");
    SecretStore store = manager();
    assertEquals(Optional.of("hunter2"), get(store, "DB_PASSWORD"));
    assertEquals(Optional.of("5432"), get(store, "DB_PORT"));
    assertEquals(Optional.empty(), get(store, "DB_NONE"));
    assertEquals(Optional.of("whole"), get(store, "ARN"));
    assertEquals(
        "The secret PLAIN_MEMBER cannot be read from AWS Secrets Manager (prod/plain#x): it is no"
            + " JSON object, so it has no member x",
        refused(store, "PLAIN_MEMBER"));
    assertEquals(List.of("AWS Secrets Manager (prod/db#password)"), store.places("DB_PASSWORD"));
  }

  @Test
  void a_secret_of_bytes_is_refused() {
    server.secret("fanfare/BYTES", "bytes:");
    assertTrue(refused(manager(), "BYTES").contains("it holds bytes"));
  }

  @Test
  void a_parameter_is_asked_for_by_its_path_and_decrypted() {
    server.parameter("/fanfare/TOKEN", "hunter2").parameter("flat", "other");
    SecretStore store = parameters();
    assertEquals(Optional.of("hunter2"), get(store, "TOKEN"));
    assertEquals(Optional.of("other"), get(store, "SHORT"));
    assertEquals(Optional.empty(), get(store, "NONE"));
    AwsServer.Asked first = server.asked().getFirst();
    assertEquals("AmazonSSM.GetParameter", first.target());
    assertEquals(Map.of("Name", "/fanfare/TOKEN", "WithDecryption", true), first.body());
    assertTrue(first.authorization().contains("/us-east-1/ssm/aws4_request"));
    assertEquals(
        List.of("AWS Systems Manager Parameter Store (/fanfare/TOKEN)"), store.places("TOKEN"));
  }

  @Test
  void throttling_and_broken_services_are_tried_again() {
    server.secret("fanfare/TOKEN", "hunter2").parameter("/fanfare/TOKEN", "hunter3");
    server.trouble(2, 400, "ThrottlingException", "Rate exceeded");
    assertEquals(Optional.of("hunter2"), get(manager(), "TOKEN"));
    server.trouble(2, 500, "InternalServerError", "sorry");
    assertEquals(Optional.of("hunter3"), get(parameters(), "TOKEN"));
    assertEquals(6, server.asked().size());
  }

  @Test
  void what_stays_throttled_is_unavailable_and_says_so() {
    server
        .secret("fanfare/TOKEN", "hunter2")
        .trouble(9, 400, "ThrottlingException", "Rate exceeded");
    assertEquals(
        "The secret TOKEN cannot be read from AWS Secrets Manager (fanfare/TOKEN):"
            + " ThrottlingException: Rate exceeded",
        refused(manager(), "TOKEN"));
    assertEquals(3, server.asked().size());
  }

  @Test
  void a_missing_permission_is_told_in_the_words_of_aws_and_not_tried_again() {
    String words =
        "User: arn:aws:iam::123456789012:user/x is not authorized to perform: ssm:GetParameter";
    server.trouble(1, 400, "AccessDeniedException", words);
    assertTrue(refused(parameters(), "TOKEN").endsWith("AccessDeniedException: " + words));
    assertEquals(1, server.asked().size());
  }

  @Test
  void an_endpoint_that_is_not_there_or_no_url_is_unavailable() {
    server.close();
    assertTrue(refused(manager(), "TOKEN").contains("AWS Secrets Manager (fanfare/TOKEN): "));
    SecretStore nowhere =
        new SecretsManagerSecrets(NAMES, new AwsClients(Optional.of("no url")), Runnable::run);
    assertTrue(refused(nowhere, "TOKEN").contains("the endpoint no url is no URL"));
  }
}
