package dev.fanfare.function.snapstart;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Calls through the AWS SDK that are built, signed and read, and answered inside the process: the
 * first real one took 0.8 s, nearly all of it classes.
 */
final class SilentCalls {

  private static final URI NOWHERE = URI.create("https://localhost");

  private SilentCalls() {}

  static void make() {
    try (LambdaClient lambda = built(LambdaClient.builder(), 202, "{}")) {
      lambda.invoke(
          request ->
              request
                  .functionName("priming")
                  .invocationType(InvocationType.EVENT)
                  .payload(SdkBytes.fromUtf8String("{}")));
    }
    try (SqsClient sqs =
        built(SqsClient.builder().checksumValidationEnabled(false), 200, "{\"MessageId\":\"1\"}")) {
      sqs.sendMessage(
          request -> request.queueUrl(NOWHERE + "/1/q").messageBody("{}").delaySeconds(1));
    }
  }

  private static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C built(
      B builder, int status, String answer) {
    return builder
        .httpClient(new Answer(status, answer))
        .region(Region.US_EAST_1)
        .endpointOverride(NOWHERE)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("priming", "priming")))
        .build();
  }

  /** Answers every request with the same. */
  private record Answer(int status, String body) implements SdkHttpClient {

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
      return new ExecutableHttpRequest() {
        @Override
        public HttpExecuteResponse call() {
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          return HttpExecuteResponse.builder()
              .response(
                  SdkHttpResponse.builder()
                      .statusCode(status)
                      .putHeader("Content-Type", "application/json")
                      .putHeader("Content-Length", String.valueOf(bytes.length))
                      .build())
              .responseBody(AbortableInputStream.create(new ByteArrayInputStream(bytes)))
              .build();
        }

        @Override
        public void abort() {
          // nothing is under way
        }
      };
    }

    @Override
    public void close() {
      // nothing is open
    }
  }
}
