package dev.fanfare.function.snapstart;

import dev.fanfare.conductor.Graphs;
import dev.fanfare.definition.Workflow;
import dev.fanfare.engine.Context;
import dev.fanfare.engine.Engine;
import dev.fanfare.engine.Event;
import dev.fanfare.engine.Reply;
import dev.fanfare.engine.RunRow;
import dev.fanfare.engine.RunState;
import dev.fanfare.graph.CompileInputs;
import dev.fanfare.graph.Graph;
import dev.fanfare.graph.GraphCompiler;
import dev.fanfare.invoke.Invocation;
import dev.fanfare.invoke.lambda.Claims;
import dev.fanfare.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Walks the paths that a first invocation takes, as far as they ask nobody. */
final class Priming {

  private static final Logger LOG = System.getLogger(Priming.class.getName());

  /** Classes that a first step loads and that nothing here reaches, in the order of their use. */
  static final String CLASSES = "/dev/fanfare/function/snapstart/classes.txt";

  private static final int TIMES = 20;

  /** One of each that most workflows use. */
  static final String WORKFLOW =
      """
      name: priming
      params:
        greeting: { type: string, default: hello }
      steps:
        first:
          run: echo "$GREETING"
          env: { GREETING: "${{ params.greeting }}" }
          retry: { attempts: 2 }
          timeout: 1m
        all:
          forEach: "${{ [1, 2] }}"
          pass: { output: { item: "${{ item }}" } }
        either:
          race:
            steps:
              one:
                http: { url: "https://example.com/${{ params.greeting }}" }
              other:
                sleep: 1s
        last:
          needs: [first, all, either]
          when: "${{ params.greeting != '' }}"
          pass: { output: { done: true } }
      """;

  private Priming() {}

  /** A part of it, which may fail for itself alone. */
  @FunctionalInterface
  private interface Part {
    void walk() throws Exception;
  }

  static void prime() {
    attempt("a decision", Priming::decide);
    attempt("payloads", Priming::payloads);
    attempt("calls of AWS", SilentCalls::make);
    attempt("classes", Priming::classes);
  }

  private static void attempt(String what, Part part) {
    try {
      part.walk();
    } catch (Exception | LinkageError e) {
      LOG.log(Level.WARNING, "the snapshot goes without " + what + " that was tried before", e);
    }
  }

  /** As often as it takes for the compiler to notice. */
  static void decide() {
    Graphs.File file =
        new Graphs.File(
            WORKFLOW.getBytes(StandardCharsets.UTF_8), "fanfare.yaml", Optional.empty());
    for (int i = 0; i < TIMES; i++) {
      Graphs.Read read = Graphs.read(file);
      Workflow workflow =
          read.workflow()
              .orElseThrow(() -> new IllegalStateException(String.valueOf(read.diagnostics())));
      Graph graph = GraphCompiler.compile(workflow, CompileInputs.NONE).graph().orElseThrow();
      RunRow.Facts facts =
          new RunRow.Facts(
              new UUID(0, i), workflow.name(), 1, Map.of("greeting", "hello"), Map.of(), Map.of());
      RunState state = RunState.fresh(facts);
      apply(graph, state, new Event.Start());
      apply(graph, state, new Event.Begin("first", 1));
      apply(graph, state, new Event.Lost("first", 1));
    }
  }

  private static void apply(Graph graph, RunState state, Event event) {
    Reply reply = Engine.decide(graph, state, List.of(event), Context.OUTSIDE);
    if (reply instanceof Reply.Decided decided) {
      state.apply(decided);
    }
  }

  private static void payloads() throws Json.JsonException {
    for (int i = 0; i < TIMES; i++) {
      Claims claims =
          new Claims(
              List.of(new Invocation(new UUID(0, i), "a", 1, Optional.empty())),
              1,
              Optional.empty());
      String text = new String(claims.bytes(), StandardCharsets.UTF_8);
      Claims.of(Json.parseOwnObject(text));
      Json.parse(text);
    }
  }

  /** Loads them without running their initialisers, some of which draw at random. */
  private static void classes() throws IOException {
    ClassLoader loader = Priming.class.getClassLoader();
    try (InputStream in = Priming.class.getResourceAsStream(CLASSES)) {
      if (in == null) {
        throw new IOException("no " + CLASSES);
      }
      BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      for (String name = lines.readLine(); name != null; name = lines.readLine()) {
        load(name, loader);
      }
    }
  }

  private static void load(String name, ClassLoader loader) {
    try {
      Class.forName(name, false, loader);
    } catch (ClassNotFoundException | LinkageError e) {
      LOG.log(Level.DEBUG, "not in this build: {0}", name);
    }
  }
}
