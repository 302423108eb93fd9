package dev.fanfare.work.shell;

import static dev.fanfare.work.shell.ShellFixture.failed;
import static dev.fanfare.work.shell.ShellFixture.output;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.Output;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Template;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShellOutputsTest {

  private static final Output STDOUT = new Output.Stdout(Optional.empty(), SourceSpan.NONE);

  private ShellFixture shell;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    shell = new ShellFixture(folder);
  }

  @AfterEach
  void close() {
    shell.close();
  }

  private Object yielded(String script, Map<String, Output> outputs) {
    return output(shell.run("sh", script, Map.of(), outputs));
  }

  private ErrorInfo refused(String script, Map<String, Output> outputs) {
    return failed(shell.run("sh", script, Map.of(), outputs)).error();
  }

  private static Output stdout(String jmespath) {
    return new Output.Stdout(Optional.of(jmespath), SourceSpan.NONE);
  }

  private static Output file(String path) {
    return new Output.File(Template.literal(path), SourceSpan.NONE);
  }

  private static Output json(String path, Optional<String> jmespath) {
    return new Output.Json(Template.literal(path), jmespath, SourceSpan.NONE);
  }

  @Test
  void pairs_of_the_output_file_become_an_object() {
    String script =
        "echo noise; { echo A=1; echo; echo 'B=x=y '; printf 'C<<EOF\\n1\\n\\n2\\nEOF\\n';"
            + " echo A=2; echo EMPTY=; } >> $FANFARE_OUTPUT";
    assertEquals(
        Map.of("A", "2", "B", "x=y ", "C", "1\n\n2", "EMPTY", ""), yielded(script, Map.of()));
  }

  @Test
  void a_line_that_is_no_pair_is_refused_with_its_number() {
    ErrorInfo error = refused("printf 'A=1\\nM<<X\\n1\\nX\\nwhat\\n' >> $FANFARE_OUTPUT", Map.of());
    assertEquals("output_invalid", error.code());
    assertTrue(error.message().contains("Line 5"), error.message());
    ErrorInfo open = refused("printf 'A=1\\nM<<X\\n1\\n' >> $FANFARE_OUTPUT", Map.of());
    assertTrue(open.message().contains("Line 2"), open.message());
  }

  @Test
  void declared_outputs_come_from_stdout_files_and_json() {
    Map<String, Output> outputs =
        Map.of(
            "version", STDOUT,
            "jar", file("target/app.jar"),
            "report", json("out.json", Optional.empty()),
            "id", json("out.json", Optional.of("data[?ok].id | [0]")));
    String script =
        "mkdir target; echo j > target/app.jar;"
            + " echo '{\"data\":[{\"id\":1,\"ok\":false},{\"id\":2,\"ok\":true}]}' > out.json;"
            + " echo 1.2; echo extra=yes >> $FANFARE_OUTPUT";
    assertEquals(
        Map.of(
            "version", "1.2",
            "jar", "target/app.jar",
            "id", 2L,
            "extra", "yes",
            "report",
                Map.of(
                    "data", List.of(Map.of("id", 1L, "ok", false), Map.of("id", 2L, "ok", true)))),
        yielded(script, outputs));
  }

  @Test
  void standard_output_is_queried_with_jmespath() {
    assertEquals(
        Map.of("id", 3L, "n", 2L),
        yielded(
            "echo '{\"data\":{\"id\":3,\"l\":[1,2]}}'",
            Map.of("id", stdout("data.id"), "n", stdout("length(data.l)"))));
  }

  @Test
  void what_cannot_be_taken_is_refused_by_name() {
    assertEquals("output_missing", refused("true", Map.of("jar", file("none.jar"))).code());
    assertEquals("path_outside_workspace", refused("true", Map.of("jar", file("../x"))).code());
    assertEquals("output_invalid", refused("echo no", Map.of("id", stdout("a.b"))).code());
    ErrorInfo bad = refused("echo '{}'", Map.of("id", stdout("a[")));
    assertEquals("output_invalid", bad.code());
    assertTrue(bad.message().contains("\"id\""), bad.message());
    assertEquals(
        "output_invalid", refused("echo '{}'", Map.of("id", stdout("length(`1`)"))).code());
  }

  @Test
  void a_link_out_of_the_workspace_is_no_output() {
    assertEquals(
        "path_outside_workspace", refused("ln -s /etc/hostname x", Map.of("f", file("x"))).code());
  }

  @Test
  void a_chatty_script_with_declared_outputs_is_not_refused() {
    String script = "head -c 3000000 /dev/zero | tr '\\0' x; echo A=1 >> $FANFARE_OUTPUT";
    assertEquals(Map.of("A", "1"), yielded(script, Map.of()));
  }

  @Test
  void data_is_standard_output_parsed_where_it_is_json_and_null_where_a_query_finds_nothing() {
    Map<String, Output> outputs =
        Map.of(
            "all", new Output.Data(Optional.empty(), SourceSpan.NONE),
            "size", new Output.Data(Optional.of("length(a)"), SourceSpan.NONE));
    assertEquals(
        Map.of("all", Map.of("a", List.of(1L)), "size", 1L),
        yielded("echo '{\"a\":[1]}'", outputs));
    Map<?, ?> text = (Map<?, ?>) yielded("echo plain", outputs);
    assertEquals("plain", text.get("all"));
    assertTrue(text.containsKey("size") && text.get("size") == null);
  }
}
