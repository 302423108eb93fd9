package dev.fanfare.testing;

import dev.fanfare.dsl.Flows;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** Jars with workflows, made of sources as a person would. */
public final class FlowJars {

  private FlowJars() {}

  /**
   * A jar of one class without a package.
   *
   * @param source its text; it implements {@code Flows}
   */
  public static Path jar(Path folder, String type, String source) throws IOException {
    Path sources = Files.createTempDirectory("fanfare-flow-source");
    Path file = Files.writeString(sources.resolve(type + ".java"), source);
    return jar(folder.resolve(type + ".jar"), type, List.of(file));
  }

  /** A jar of source files. */
  public static Path jar(Path jar, String definer, List<Path> sources) throws IOException {
    Path classes = Files.createTempDirectory("fanfare-flow-classes");
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--release",
                "21",
                "-proc:none",
                "-Xlint:all",
                "-Werror",
                "-d",
                classes.toString()));
    arguments.addAll(List.of("-classpath", classPath()));
    sources.forEach(source -> arguments.add(source.toString()));
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, System.err, arguments.toArray(String[]::new));
    if (code != 0) {
      throw new AssertionError("javac " + arguments + " ended with " + code);
    }
    Files.createDirectories(jar.toAbsolutePath().getParent());
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out);
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        entries.putNextEntry(new JarEntry(classes.relativize(file).toString().replace('\\', '/')));
        entries.write(Files.readAllBytes(file));
      }
      entries.putNextEntry(new JarEntry("META-INF/services/" + Flows.class.getName()));
      entries.write(definer.getBytes(StandardCharsets.UTF_8));
    }
    return jar;
  }

  /** Where the API is: nothing else is there to compile against. */
  private static String classPath() {
    try {
      return Path.of(Flows.class.getProtectionDomain().getCodeSource().getLocation().toURI())
              .toString()
          + java.io.File.pathSeparator
          + Path.of(
              org.jspecify.annotations.Nullable.class
                  .getProtectionDomain()
                  .getCodeSource()
                  .getLocation()
                  .toURI())
          + java.io.File.pathSeparator
          + Path.of(
              com.fasterxml.jackson.annotation.JsonValue.class
                  .getProtectionDomain()
                  .getCodeSource()
                  .getLocation()
                  .toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
