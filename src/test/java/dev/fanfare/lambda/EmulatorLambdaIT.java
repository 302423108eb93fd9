package dev.fanfare.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.testing.emulator.Emulator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;

/** On an emulator of AWS, deployed by one command, with the permissions that infra/ gives. */
class EmulatorLambdaIT extends LambdaSuite {

  private @Nullable EmulatorStage stage;

  @Override
  LambdaStage deploy(LambdaStage.Settings settings) {
    stage = new EmulatorStage(settings, true);
    return stage;
  }

  @AfterAll
  void no_function_was_denied_what_it_does() {
    List<Emulator.Decision> decisions = Objects.requireNonNull(stage).decisions();
    decisions.stream()
        .map(call -> call.role() + " " + call.action())
        .distinct()
        .sorted()
        .forEach(call -> System.out.println("permission used: " + call));
    assertEquals(List.of(), decisions.stream().filter(call -> !call.allowed()).toList());
  }
}
