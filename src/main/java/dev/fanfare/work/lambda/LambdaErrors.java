package dev.fanfare.work.lambda;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.secret.Masker;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.lambda.model.LambdaException;
import software.amazon.awssdk.services.lambda.model.RequestTooLargeException;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;
import software.amazon.awssdk.services.lambda.model.TooManyRequestsException;

/** What the service, or the way to it, has against a call. */
public final class LambdaErrors {

  private static final int LONGEST = 500;

  private LambdaErrors() {}

  /**
   * Why a function was not called.
   *
   * @param masker covers secrets in what the service said, before that is cut
   */
  public static ErrorInfo of(String function, Throwable failure, Masker masker) {
    return failure instanceof LambdaException refusal
        ? refused(function, refusal, masker)
        : ErrorInfo.of(
                "lambda_unavailable",
                "Lambda could not be asked to call '%s': %s"
                    .formatted(function, brief(failure.getMessage(), masker)))
            .with("function", function);
  }

  /** Whether the same call can succeed later without anybody changing anything. */
  public static boolean mayPass(ErrorInfo error) {
    return error.code().equals("lambda_throttled") || error.code().equals("lambda_unavailable");
  }

  private static ErrorInfo refused(String function, LambdaException refusal, Masker masker) {
    int status = refusal.statusCode();
    String said =
        brief(
            refusal.awsErrorDetails() == null
                ? refusal.getMessage()
                : refusal.awsErrorDetails().errorMessage(),
            masker);
    String code =
        switch (refusal) {
          case TooManyRequestsException ignored -> "lambda_throttled";
          case ResourceNotFoundException ignored -> "lambda_not_found";
          case RequestTooLargeException ignored -> "lambda_payload_too_large";
          default -> code(status);
        };
    String what =
        switch (code) {
          case "lambda_throttled" -> "has no room to call '%s' now".formatted(function);
          case "lambda_not_found" -> "has no function '%s' here".formatted(function);
          case "lambda_denied" -> "does not let this process call '%s'".formatted(function);
          case "lambda_payload_too_large" ->
              "takes no payload that large for '%s'".formatted(function);
          default -> "did not call '%s' and answered %d".formatted(function, status);
        };
    return ErrorInfo.of(code, "Lambda " + what + (said.isEmpty() ? "" : ": " + said))
        .with("function", function)
        .with("status", (long) status);
  }

  private static String code(int status) {
    return switch (status) {
      case 429 -> "lambda_throttled";
      case 401, 403 -> "lambda_denied";
      case 404 -> "lambda_not_found";
      case 413 -> "lambda_payload_too_large";
      // It is being made, changed or restored: https://docs.aws.amazon.com/lambda/latest/api
      case 408, 409 -> "lambda_unavailable";
      default -> status >= 500 ? "lambda_unavailable" : "lambda_rejected";
    };
  }

  private static String brief(@Nullable String message, Masker masker) {
    String covered = message == null ? "" : masker.mask(message);
    return covered.length() > LONGEST ? covered.substring(0, LONGEST) + "..." : covered;
  }
}
