package dev.fanfare.lambda;

/** On the host of the test code, which needs nothing but a JDK. */
class HostLambdaIT extends LambdaSuite {
  @Override
  LambdaStage deploy(LambdaStage.Settings settings) {
    return new HostStage(settings);
  }
}
