package dev.fanfare.infra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.fanfare.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/deploy} and {@code scripts/localstack}: what they say to whoever calls them. */
class ScriptsTest {

  @TempDir Path folder;

  /** What a script did. */
  private record Ended(int code, String out, String err) {}

  @Test
  void every_script_is_one_for_any_shell() throws Exception {
    try (Stream<Path> files = Files.walk(Path.of("scripts"))) {
      for (Path script : files.filter(Files::isRegularFile).filter(ScriptsTest::isShell).toList()) {
        Ended ended = call(Map.of(), "sh", "-n", script.toString());
        assertEquals(0, ended.code(), script + ": " + ended.err());
      }
    }
  }

  @Test
  void they_say_how_they_are_called() throws Exception {
    for (String script : List.of("scripts/deploy", "scripts/localstack")) {
      Ended ended = call(Map.of(), script, "--help");
      assertEquals(0, ended.code(), ended.err());
      assertTrue(ended.out().startsWith("Usage: " + script), ended.out());
    }
  }

  @Test
  void a_call_that_makes_no_sense_is_refused_in_a_sentence() throws Exception {
    refused("there is no '--wat'", "scripts/deploy", "--wat");
    refused("--var-file wants a value", "scripts/deploy", "--var-file");
    refused("there is no file nowhere.tfvars", "scripts/deploy", "--var-file", "nowhere.tfvars");
    refused("--var wants NAME=VALUE", "scripts/deploy", "--var", "name");
    refused("--database knows 'aurora'", "scripts/deploy", "--database", "mysql");
    refused("--endpoint wants an address", "scripts/deploy", "--endpoint", "localhost");
    refused("and not two", "scripts/deploy", "--plan", "--destroy");
    refused(
        "--database aurora is for AWS",
        "scripts/deploy",
        "--endpoint",
        "http://127.0.0.1:1",
        "--database",
        "aurora");
    refused("there is no 'wat'", "scripts/localstack", "wat");
    refused("there is no file nowhere.yaml", "scripts/localstack", "run", "nowhere.yaml");
  }

  @Test
  void without_terraform_it_says_what_to_install() throws Exception {
    Ended ended = call(Map.of("FANFARE_TERRAFORM", "no-such-terraform"), "scripts/deploy", "--yes");
    assertEquals(2, ended.code());
    assertTrue(ended.err().contains("there is no no-such-terraform on the PATH"), ended.err());
    assertTrue(ended.err().contains("Install Terraform 1.9 or newer"), ended.err());
  }

  @Test
  void a_file_reaches_the_function_as_it_is_and_the_run_is_followed_to_its_end() throws Exception {
    String text = "name: \"quotes\"\nsteps:\n\ta: { run: 'echo \\\"ü\\\" $HOME %d' }\n";
    Path file = Files.writeString(folder.resolve("a file.yaml"), text);
    try (Emulator emulator =
        new Emulator(
            answer(201, Map.of("id", "r-1", "status", "running")),
            answer(200, Map.of("id", "r-1", "status", "succeeded", "said", "a \"b\"\n\\c")))) {
      Ended ended =
          call(
              Map.of("FANFARE_LOCAL_ENDPOINT", emulator.address()),
              "scripts/localstack",
              "run",
              file.toString(),
              "who=moon & sun");
      assertEquals(0, ended.code(), ended.err());
      assertEquals("a \"b\"\n\\c", ((Map<?, ?>) Json.parse(ended.out())).get("said"));

      Map<?, ?> start = emulator.event(0);
      assertEquals(text, start.get("body"));
      assertEquals("/api/runs", start.get("rawPath"));
      assertEquals(
          "wait=20s&name=%61%20%66%69%6c%65%2e%79%61%6d%6c"
              + "&param.%77%68%6f=%6d%6f%6f%6e%20%26%20%73%75%6e",
          start.get("rawQueryString"));
      assertEquals("/api/runs/r-1", emulator.event(1).get("rawPath"));
      assertEquals(
          "/2015-03-31/functions/fanfare-trigger:live/invocations", emulator.paths().get(0));
    }
  }

  @Test
  void how_a_run_ended_is_the_exit_code() throws Exception {
    Path file = Files.writeString(folder.resolve("w.yaml"), "name: w\n");
    Map<String, Integer> codes = new LinkedHashMap<>();
    codes.put("succeeded", 0);
    codes.put("partially_succeeded", 0);
    codes.put("failed", 1);
    codes.put("timed_out", 1);
    codes.put("cancelled", 3);
    for (Map.Entry<String, Integer> code : codes.entrySet()) {
      try (Emulator emulator =
          new Emulator(answer(201, Map.of("id", "r-1", "status", code.getKey())))) {
        Ended ended =
            call(
                Map.of("FANFARE_LOCAL_ENDPOINT", emulator.address()),
                "scripts/localstack",
                "run",
                file.toString());
        assertEquals(code.getValue(), ended.code(), code.getKey() + ended.err());
      }
    }
  }

  @Test
  void a_file_that_is_wrong_is_shown_with_what_is_wrong() throws Exception {
    Path file = Files.writeString(folder.resolve("w.yaml"), "nonsense\n");
    try (Emulator emulator = new Emulator(answer(422, Map.of("title", "no workflow")))) {
      Ended ended =
          call(
              Map.of("FANFARE_LOCAL_ENDPOINT", emulator.address()),
              "scripts/localstack",
              "run",
              file.toString());
      assertEquals(2, ended.code());
      assertTrue(ended.err().contains("no workflow"), ended.err());
    }
  }

  private void refused(String words, String... command) throws Exception {
    Ended ended = call(Map.of(), command);
    assertEquals(2, ended.code(), Arrays.toString(command) + ended.err());
    assertTrue(ended.err().contains(words), Arrays.toString(command) + ended.err());
  }

  private static boolean isShell(Path script) {
    try {
      return Files.readString(script).startsWith("#!/bin/sh") || script.toString().endsWith(".sh");
    } catch (IOException e) {
      return false;
    }
  }

  private Ended call(Map<String, String> environment, String... command) throws Exception {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), Arrays.toString(command));
    return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private static String answer(int status, Map<String, Object> body) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("statusCode", (long) status);
    answer.put("headers", Map.of("content-type", "application/json"));
    answer.put("body", Json.write(new LinkedHashMap<>(body)));
    return Json.write(answer);
  }

  /** Takes invocations as Lambda does, keeps their events, and answers what it was told. */
  private static final class Emulator implements AutoCloseable {

    private final HttpServer server;
    private final Queue<String> answers;
    private final Queue<String> events = new ConcurrentLinkedQueue<>();
    private final Queue<String> paths = new ConcurrentLinkedQueue<>();

    Emulator(String... answers) throws IOException {
      this.answers = new ArrayDeque<>(List.of(answers));
      this.server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/", this::handle);
      server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
      paths.add(exchange.getRequestURI().getPath());
      events.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      byte[] answer = answers.remove().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
      exchange.close();
    }

    String address() {
      return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    Map<?, ?> event(int index) throws Json.JsonException {
      return (Map<?, ?>) Json.parse(new ArrayList<>(events).get(index));
    }

    List<String> paths() {
      return List.copyOf(paths);
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
