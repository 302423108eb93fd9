package dev.fanfare.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.function.EngineRoom;
import dev.fanfare.function.EventService;
import dev.fanfare.invoke.Invocation;
import dev.fanfare.invoke.Invoker;
import dev.fanfare.invoke.WorkOrder;
import dev.fanfare.json.Json;
import dev.fanfare.secret.SecretStore;
import dev.fanfare.secret.SecretUnavailableException;
import dev.fanfare.testing.TestEngine;
import dev.fanfare.testing.Traces;
import dev.fanfare.work.call.JavaStep;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How secrets reach steps, and what happens when one cannot be had. */
class SecretsTest {

  private static final String CANARY = "cAn4ry-0b71d6aa59";

  /** A store whose answers a test decides. */
  private static final class Drawer implements SecretStore {
    final Map<String, Uni<Optional<String>>> answers = new ConcurrentHashMap<>();

    Drawer with(String name, String value) {
      answers.put(name, Uni.createFrom().item(Optional.of(value)));
      return this;
    }

    @Override
    public Uni<Optional<String>> value(String name) {
      return answers.getOrDefault(name, Uni.createFrom().item(Optional.empty()));
    }

    @Override
    public List<String> places(String name) {
      return List.of("the drawer");
    }
  }

  private static Map<?, ?> error(TestEngine.Outcome run, String step) {
    return (Map<?, ?>) run.step(step).get("error");
  }

  @Test
  void a_secret_that_nobody_has_fails_the_step_that_reads_it_and_no_other() {
    try (TestEngine engine = TestEngine.with(new Drawer().with("A", CANARY).with("B", "xy"))) {
      TestEngine.Outcome run =
          engine.run(
              """
              name: w
              secrets: [A, B, NONE]
              steps:
                good: { run: 'echo "${#T}"', env: { T: "${{ secrets.A }}" } }
                none: { run: echo never, env: { T: "${{ secrets.A }}${{ secrets.NONE }}" } }
                short: { run: echo never, env: { T: "${{ secrets.B }}" } }
              """);
      assertEquals(String.valueOf(CANARY.length()), run.output("good"));
      assertEquals("secret_not_found", error(run, "none").get("code"));
      assertEquals("NONE", error(run, "none").get("secret"));
      assertEquals(
          "There is no secret NONE. Looked in the drawer.", error(run, "none").get("message"));
      assertEquals("secret_invalid", error(run, "short").get("code"));
      assertEquals("failed", run.status());
    }
  }

  @Test
  void a_place_that_fails_for_a_while_is_asked_again_as_the_step_says() {
    AtomicInteger asked = new AtomicInteger();
    Drawer drawer = new Drawer();
    drawer.answers.put(
        "A",
        Uni.createFrom()
            .deferred(
                () ->
                    asked.incrementAndGet() < 3
                        ? Uni.createFrom()
                            .failure(new SecretUnavailableException("A", "the drawer", "stuck"))
                        : Uni.createFrom().item(Optional.of(CANARY))));
    try (TestEngine engine = TestEngine.with(drawer)) {
      asked.set(-1); // the start of the run asks as well, and goes on without
      TestEngine.Outcome run =
          engine.run(
              """
              name: w
              secrets: [A]
              steps:
                again:
                  retry: { attempts: 5, delay: 10ms, on: [secret_unavailable] }
                  env: { T: "${{ secrets.A }}" }
                  run: echo "${#T}"
              """);
      assertEquals(String.valueOf(CANARY.length()), run.output("again"));
      assertTrue((Long) run.step("again").get("attempts") > 1, run.json()::toString);
    }
  }

  @Test
  void a_place_that_fails_does_not_keep_a_run_from_starting_nor_a_step_that_needs_no_secret() {
    Drawer drawer = new Drawer();
    drawer.answers.put("A", Uni.createFrom().failure(new IllegalStateException("down")));
    drawer.answers.put("B", Uni.createFrom().nothing());
    try (TestEngine engine = TestEngine.with(drawer)) {
      TestEngine.Outcome run =
          engine.run(
              """
              name: w
              secrets: [A]
              steps:
                free: { run: echo free }
                bound: { run: echo never, env: { T: "${{ secrets.A }}" }, onFailure: tolerate }
              """);
      assertEquals("free", run.output("free"));
      assertEquals("secret_unavailable", error(run, "bound").get("code"));
    }
  }

  @Test
  void nothing_that_is_handed_to_a_step_function_holds_a_value() throws IOException {
    List<Invocation> handed = new CopyOnWriteArrayList<>();
    List<Object> given = new CopyOnWriteArrayList<>();
    List<Path> homes = new CopyOnWriteArrayList<>();
    try (Stage stage = new Stage()) {
      stage.bean(
          "see",
          (JavaStep)
              (context, input) -> {
                given.add(input);
                return null;
              });
      EngineRoom room =
          stage.engineWith(
              options -> {
                homes.add(options.home());
                return options
                    .withSecrets(new Drawer().with("A", CANARY))
                    .with(invoker -> listening(invoker, handed));
              });
      UUID id =
          Stage.start(
              room,
              """
              name: w
              secrets: [A]
              env: { ALL: "${{ secrets.A }}" }
              steps:
                see: { call: see, with: { t: "x ${{ secrets.A }}" } }
                run: { run: 'echo "$T" > mine', env: { T: "${{ secrets.A }}" } }
                get: { http: { url: "http://127.0.0.1:1/${{ secrets.A }}" } }
              """);
      stage.end(id);
      assertEquals(List.of(Map.of("t", "x " + CANARY)), given);
      assertEquals(3, handed.size());
      Traces traces = new Traces(CANARY);
      for (Invocation invocation : handed) {
        assertEquals(List.of(), traces.in(invocation.toString()));
        WorkOrder order = invocation.order().orElseThrow();
        assertEquals(List.of(), traces.in(String.valueOf(order.preparation())));
        assertEquals(List.of(), traces.in(Json.write(order.context())));
      }
      Path home = homes.getFirst();
      assertEquals(List.of(), traces.in(home.resolve("scratch")));
      assertEquals(1, traces.in(home.resolve("workspaces")).size(), "what the script wrote itself");
    }
  }

  private static Invoker listening(Invoker invoker, List<Invocation> handed) {
    return invocations -> {
      handed.addAll(invocations);
      invoker.invoke(invocations);
    };
  }

  @Test
  void a_run_goes_on_after_a_restart_with_the_secrets_of_the_next_process() {
    try (Stage stage = new Stage()) {
      Drawer drawer = new Drawer().with("A", CANARY);
      EngineRoom first = stage.engineWith(Stage.HASTY, options -> options.withSecrets(drawer));
      UUID id =
          Stage.start(
              first,
              """
              name: w
              secrets: [A]
              steps:
                wait: { waitFor: { event: go } }
                use:
                  needs: wait
                  run: 'echo "${#T} $T $E"'
                  env: { T: "${{ secrets.A }}", E: "${{ steps.wait.output.text }}" }
              """);
      Stage.until("it waits", () -> Stage.status(stage.view(id), "wait").equals("waiting"));
      first.close();
      EngineRoom next = stage.engineWith(Stage.HASTY, options -> options.withSecrets(drawer));
      next.waits()
          .events()
          .publish(
              new EventService.Publication(
                  "go", Optional.empty(), Map.of("text", "brings " + CANARY)))
          .await()
          .atMost(Stage.PATIENCE);
      assertEquals(CANARY.length() + " *** brings ***", Stage.step(stage.end(id), "use").output());
      assertEquals(List.of(), new Traces(CANARY).in(stage.database()));
    }
  }
}
