package dev.fanfare.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Template;
import java.io.File;
import java.net.URI;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LazyLoadingTest {

  /** Runs in a process of its own: a literal, and an expression if asked to. */
  static final class Program {
    private Program() {}

    public static void main(String[] args) throws Exception {
      Template template = args.length == 0 ? Template.literal("v") : Sample.template(args[0]);
      Expressions.check(template, Set.of());
      System.out.println("value " + Expressions.evaluate(template, name -> null));
    }
  }

  @Test
  void a_workflow_of_literals_never_loads_cel() throws Exception {
    assertFalse(output().contains("dev.cel."));
    assertTrue(output("1 + 1").contains("dev.cel."));
  }

  private static String output(String... args) throws Exception {
    List<String> command = new java.util.ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xlog:class+load:stdout", "-cp", classPath(), Program.class.getName()));
    command.addAll(List.of(args));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    assertTrue(output.contains("value "), output);
    return output;
  }

  private static String classPath() {
    if (Expressions.class.getClassLoader() instanceof URLClassLoader loader) {
      return Stream.of(loader.getURLs())
          .map(url -> Path.of(URI.create(url.toString())).toString())
          .collect(Collectors.joining(File.pathSeparator));
    }
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }
}
