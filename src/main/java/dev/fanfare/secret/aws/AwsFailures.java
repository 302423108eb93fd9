package dev.fanfare.secret.aws;

import dev.fanfare.secret.SecretUnavailableException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** What AWS says when it gives no value, in one line. */
final class AwsFailures {

  private static final int LONGEST = 300;

  private AwsFailures() {}

  static SecretUnavailableException of(String name, String place, SdkException failure) {
    String why =
        failure instanceof AwsServiceException service && service.awsErrorDetails() != null
            ? service.awsErrorDetails().errorCode()
                + ": "
                + service.awsErrorDetails().errorMessage()
            : String.valueOf(failure.getMessage());
    String line = why.replaceAll("\\s+", " ").strip();
    return new SecretUnavailableException(
        name, place, line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line);
  }
}
