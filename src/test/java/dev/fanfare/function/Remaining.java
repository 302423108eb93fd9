package dev.fanfare.function;

import com.amazonaws.services.lambda.runtime.Context;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is left of the time of an invocation. */
record Remaining(long start, Duration limit) implements Context {
  @Override
  public int getRemainingTimeInMillis() {
    return (int) limit.minusNanos(System.nanoTime() - start).toMillis();
  }

  @Override
  public String getAwsRequestId() {
    return UUID.randomUUID().toString();
  }

  @Override
  public @Nullable String getLogGroupName() {
    return null;
  }

  @Override
  public @Nullable String getLogStreamName() {
    return null;
  }

  @Override
  public String getFunctionName() {
    return "test";
  }

  @Override
  public String getFunctionVersion() {
    return "1";
  }

  @Override
  public String getInvokedFunctionArn() {
    return "arn:aws:lambda:eu-central-1:1:function:test";
  }

  @Override
  public com.amazonaws.services.lambda.runtime.@Nullable CognitoIdentity getIdentity() {
    return null;
  }

  @Override
  public com.amazonaws.services.lambda.runtime.@Nullable ClientContext getClientContext() {
    return null;
  }

  @Override
  public int getMemoryLimitInMB() {
    return 512;
  }

  @Override
  public com.amazonaws.services.lambda.runtime.@Nullable LambdaLogger getLogger() {
    return null;
  }
}
