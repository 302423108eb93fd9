package dev.fanfare.lambda;

/** On an emulator of AWS, deployed by calls of the SDK. */
class EmulatorFaultsIT extends FaultSuite {
  @Override
  LambdaStage deploy(LambdaStage.Settings settings) {
    return new EmulatorStage(settings, false);
  }
}
