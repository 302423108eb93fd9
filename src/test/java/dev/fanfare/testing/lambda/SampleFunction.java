package dev.fanfare.testing.lambda;

import dev.fanfare.testing.lambda.sample.Obedient;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@link Obedient}, laid out as the zip of a function: classes, and jars in {@code lib}. */
public final class SampleFunction {

  /** What the runtime client is told. */
  public static final String HANDLER = Obedient.class.getName() + "::handleRequest";

  private static final Pattern JARS =
      Pattern.compile(".*/(software/amazon/awssdk|org/reactivestreams|org/slf4j|com/fasterxml)/.*");

  private SampleFunction() {}

  static FunctionSettings in(Path folder, String name, LambdaHost host) {
    return FunctionSettings.of(name, laidOut(folder), HANDLER)
        .withEnvironment(
            Map.of("ENDPOINT", host.endpoint().toString(), "HOME_OF_MINE", "/tmp/mine"))
        .withJavaOptions(List.of("-Xshare:auto"));
  }

  /** The code in a folder; jars are links. */
  public static Path laidOut(Path folder) {
    try {
      Path lib = Files.createDirectories(folder.resolve("lib"));
      for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
        Path jar = Path.of(entry);
        Path link = lib.resolve(String.valueOf(jar.getFileName()));
        if (JARS.matcher(entry).matches() && !Files.exists(link)) {
          Files.createSymbolicLink(link, jar);
        }
      }
      Path classes =
          Path.of(Obedient.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      Path own = Path.of(Obedient.class.getPackageName().replace('.', '/'));
      Files.createDirectories(folder.resolve(own));
      try (Stream<Path> files = Files.list(classes.resolve(own))) {
        for (Path file : files.toList()) {
          Path copy = folder.resolve(own).resolve(String.valueOf(file.getFileName()));
          if (!Files.exists(copy)) {
            Files.copy(file, copy);
          }
        }
      }
    } catch (IOException | java.net.URISyntaxException e) {
      throw new IllegalStateException(e);
    }
    return folder;
  }
}
