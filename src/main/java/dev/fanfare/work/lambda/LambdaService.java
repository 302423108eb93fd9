package dev.fanfare.work.lambda;

import dev.fanfare.aws.AwsEndpoint;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeRequest;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LogType;

/** The Lambda service of a region. Its client is made when it is first needed. */
public final class LambdaService implements AutoCloseable {

  /** Longer than the longest invocation, 15 minutes. */
  private static final Duration PATIENCE = Duration.ofMinutes(16);

  private static final Duration CONNECT = Duration.ofSeconds(10);

  /** The service only takes note of a call that nobody waits for. */
  private static final Duration PATIENCE_LEFT = Duration.ofSeconds(10);

  private final Optional<URI> endpoint;
  private @Nullable LambdaClient client;

  /**
   * @param endpoint where the service is, if not where the region has it: an emulator
   */
  public LambdaService(Optional<URI> endpoint) {
    this.endpoint = endpoint;
  }

  /**
   * What to call and with what.
   *
   * @param function name or ARN
   * @param payload JSON, UTF-8
   * @param context JSON that the function's context object shows, base64; empty for none. The
   *     service passes it on only where the caller waits.
   * @param await whether the answer is what the function returns
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  public record Call(String function, byte[] payload, String context, boolean await) {}

  /**
   * What came back.
   *
   * @param functionError set where the function failed; the payload says how
   * @param logTail the last 4 KiB of the function's log, base64; empty where nobody waited
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  public record Answer(byte[] payload, Optional<String> functionError, String logTail) {}

  /**
   * Calls a function, once. Blocks; an interrupt ends the waiting.
   *
   * @throws software.amazon.awssdk.core.exception.SdkException for whatever the service or the way
   *     to it refuses; {@link LambdaErrors#of} tells what
   */
  public Answer invoke(Call call) {
    InvokeRequest.Builder request =
        InvokeRequest.builder()
            .functionName(call.function())
            .invocationType(call.await() ? InvocationType.REQUEST_RESPONSE : InvocationType.EVENT)
            .payload(SdkBytes.fromByteArray(call.payload()));
    if (!call.context().isEmpty()) {
      request.clientContext(call.context());
    }
    if (call.await()) {
      request.logType(LogType.TAIL);
    } else {
      request.overrideConfiguration(settings -> settings.apiCallTimeout(PATIENCE_LEFT));
    }
    InvokeResponse response = client().invoke(request.build());
    return new Answer(
        response.payload() == null ? new byte[0] : response.payload().asByteArray(),
        Optional.ofNullable(response.functionError()),
        response.logResult() == null ? "" : response.logResult());
  }

  private synchronized LambdaClient client() {
    if (client == null) {
      client =
          new AwsEndpoint(endpoint)
              .reach(LambdaClient.builder(), CONNECT, PATIENCE)
              .overrideConfiguration(settings -> settings.retryStrategy(off -> off.maxAttempts(1)))
              .build();
    }
    return client;
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.close();
      client = null;
    }
  }
}
