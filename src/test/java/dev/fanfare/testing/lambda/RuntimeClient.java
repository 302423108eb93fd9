package dev.fanfare.testing.lambda;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * AWS's Java runtime client: the jars that are on the class path of every function, and nothing
 * else is.
 *
 * @param jars its parts
 * @param library its native part, unpacked once: by itself it unpacks that over the one of its
 *     neighbours
 */
record RuntimeClient(List<Path> jars, Path library) {

  static final String MAIN_CLASS = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";

  private static final String NATIVE =
      "com.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI";

  /**
   * The one that the build has put into {@code target/ric}, or that the property {@code
   * fanfare.test.ric} names.
   *
   * @param folder for its native part
   */
  static RuntimeClient in(Path folder) {
    Path jars = Path.of(System.getProperty("fanfare.test.ric", "target/ric")).toAbsolutePath();
    try (Stream<Path> files = Files.list(jars)) {
      List<Path> found = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
      Path client =
          found.stream()
              .filter(jar -> jar.toString().contains("runtime-interface-client"))
              .findFirst()
              .orElseThrow(() -> new IOException("no runtime interface client in " + jars));
      return new RuntimeClient(found, unpack(client, folder));
    } catch (IOException e) {
      throw new UncheckedIOException("the build puts AWS's runtime client into " + jars, e);
    }
  }

  private static Path unpack(Path client, Path folder) throws IOException {
    String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    String musl = Files.exists(Path.of("/etc/alpine-release")) ? "_musl" : "";
    String name =
        "libaws-lambda-jni.linux%s-%s.so"
            .formatted(musl, arch.equals("aarch64") ? "aarch_64" : "x86_64");
    Path library = folder.resolve(name);
    try (ZipFile zip = new ZipFile(client.toFile())) {
      ZipEntry entry = zip.getEntry("jni/" + name);
      if (entry == null) {
        throw new IOException("no " + name + " in " + client);
      }
      try (InputStream in = zip.getInputStream(entry)) {
        Files.copy(in, library, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    return library;
  }

  String classPath() {
    return jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  List<String> javaOptions() {
    List<String> always = List.of("-D" + NATIVE + "=" + library);
    // Newer ones warn of native code, and the client opens java.lang for itself on older ones.
    return Runtime.version().feature() < 24
        ? always
        : Stream.concat(
                always.stream(),
                Arrays.asList(
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "--add-opens=java.base/java.lang=ALL-UNNAMED")
                    .stream())
            .toList();
  }
}
