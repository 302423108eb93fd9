package dev.fanfare.lambda;

/** On the host of the test code, which can do to an invocation whatever AWS does. */
class HostFaultsIT extends FaultSuite {
  @Override
  LambdaStage deploy(LambdaStage.Settings settings) {
    return new HostStage(settings);
  }
}
