package dev.fanfare.lambda;

/** The delivered functions on the host of the test code, beside the engine of one machine. */
class HostConformanceIT extends ConformanceSuite {
  @Override
  LambdaStage deploy(LambdaStage.Settings settings) {
    return new HostStage(settings);
  }
}
