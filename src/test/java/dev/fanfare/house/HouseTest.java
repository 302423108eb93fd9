package dev.fanfare.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of the house: who may see whom, and habits that a compiler does not check. */
class HouseTest {
  private static final int LONGEST_FILE = 400;

  private static final String BASE = "dev.fanfare.";
  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("/test-classes/"))
          .importPackages("dev.fanfare");

  private static final DescribedPredicate<JavaClass> TESTS =
      DescribedPredicate.describe(
          "tests", type -> type.getSource().isPresent() && isTest(type.getName()));

  private static boolean isTest(String name) {
    Path file = Path.of("src/test/java", name.replaceAll("\\$.*", "").replace('.', '/') + ".java");
    return Files.exists(file);
  }

  /** A package may see these packages of the house, itself and {@code java}, and nothing else. */
  private static void sees(String room, String... allowed) {
    List<String> names = new ArrayList<>(List.of("java..", "org.jspecify.annotations"));
    names.add(BASE + room + "..");
    for (String other : allowed) {
      names.add(other.contains(".") ? other + ".." : BASE + other + "..");
    }
    classes()
        .that()
        .resideInAPackage(BASE + room + "..")
        .and(DescribedPredicate.not(TESTS))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(names.toArray(String[]::new))
        .check(HOUSE);
  }

  @Test
  void the_definition_sees_java_only() {
    sees("definition");
  }

  @Test
  void json_sees_jackson_only() {
    sees("json", "com.fasterxml.jackson");
  }

  @Test
  void forms_see_the_library_that_knows_json_schema() {
    sees("form", "com.fasterxml.jackson", "com.networknt.schema", "com.google.re2j");
  }

  @Test
  void expressions_see_the_definition_and_the_libraries_that_read_them() {
    sees("expression", "definition", "json", "dev.cel", "com.google.common", "com.google.re2j");
  }

  @Test
  void dialects_see_the_definition_and_expressions_and_only_one_reads_yaml() {
    sees(
        "dialect",
        "definition",
        "expression",
        "form",
        "json",
        "org.snakeyaml.engine",
        "io.burt.jmespath");
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.fanfare.dialect.yaml..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.snakeyaml..")
        .because("dialect.yaml is the only reader of YAML: bounded and positioned")
        .check(HOUSE);
  }

  @Test
  void the_graph_sees_the_definition_and_expressions() {
    sees("graph", "definition", "expression");
  }

  @Test
  void the_engine_sees_the_graph_and_is_pure() {
    sees("engine", "graph", "definition", "expression");
  }

  @Test
  void secrets_are_a_leaf_and_only_one_corner_of_it_knows_aws() {
    sees("secret", "json", "aws", "io.smallrye.mutiny", "software.amazon.awssdk");
    noClasses()
        .that()
        .resideInAPackage("dev.fanfare.secret")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.fanfare.secret.aws..", "software.amazon.awssdk..")
        .check(HOUSE);
  }

  @Test
  void blobs_are_a_leaf_and_only_one_corner_of_it_knows_aws() {
    sees("blob", "aws", "software.amazon.awssdk");
    noClasses()
        .that()
        .resideInAPackage("dev.fanfare.blob")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.fanfare.blob.s3..", "software.amazon.awssdk..")
        .check(HOUSE);
  }

  @Test
  void clients_of_aws_are_made_by_a_leaf() {
    sees("aws", "software.amazon.awssdk");
  }

  @Test
  void triggers_see_the_definition_and_expressions_and_are_pure() {
    sees("trigger", "definition", "expression", "json", "javax.crypto");
  }

  @Test
  void workflows_in_java_see_the_definition_and_mark_what_is_json() {
    sees("dsl", "definition", "json", "com.fasterxml.jackson.annotation");
  }

  @Test
  void nothing_below_the_edges_sees_them() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.fanfare.store..",
            "dev.fanfare.work..",
            "dev.fanfare.pipeline..",
            "dev.fanfare.dialect..",
            "dev.fanfare.trigger..",
            "dev.fanfare.engine..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.fanfare.function..",
            "dev.fanfare.api..",
            "dev.fanfare.web..",
            "dev.fanfare.local..")
        .check(HOUSE);
  }

  @Test
  void packages_do_not_depend_on_each_other_in_circles() {
    slices().matching("dev.fanfare.(*)..").should().beFreeOfCycles().check(HOUSE);
  }

  @Test
  void only_the_edges_read_the_clock_or_draw_at_random() {
    DescribedPredicate<JavaClass> inner =
        DescribedPredicate.describe(
            "of the inner rooms",
            type ->
                // work.shell compares the ages of files that killed processes have left.
                Stream.of("local", "function", "conductor", "api", "web", "work.shell")
                    .noneMatch(room -> type.getPackageName().startsWith(BASE + room)));
    noClasses()
        .that(inner.and(DescribedPredicate.not(TESTS)))
        .should()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(java.util.UUID.class, "randomUUID")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(java.util.Random.class)
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.time.Clock")
        .because("the database's clock is the only clock, and ids are made where a run comes in")
        .check(HOUSE);
  }

  @Test
  void names_say_what_a_class_is() {
    noClasses()
        .should()
        .haveNameMatching(".*(Util|Utils|Helper|Helpers|Manager|Impl)")
        .check(HOUSE);
  }

  @Test
  void nothing_is_inherited_but_from_interfaces_and_exceptions() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.fanfare.engine..", "dev.fanfare.graph..", "dev.fanfare.definition..")
        .and()
        .areNotInterfaces()
        .and()
        .areNotAssignableTo(Throwable.class)
        .should()
        .haveModifier(JavaModifier.ABSTRACT)
        .allowEmptyShould(true)
        .check(HOUSE.that(DescribedPredicate.describe("no enums", type -> !type.isEnum())));
  }

  @Test
  void every_package_has_its_design_note() {
    List<String> without = new ArrayList<>();
    for (Path folder : paths("src/main/java", Files::isDirectory)) {
      Path note = folder.resolve("package-info.java");
      boolean hasCode = files(folder).stream().anyMatch(file -> !file.equals(note));
      if (hasCode && (!Files.exists(note) || !text(note).contains("@NullMarked"))) {
        without.add(folder.toString());
      }
    }
    assertEquals(List.of(), without, "packages without a package-info.java with @NullMarked");
  }

  @Test
  void no_file_is_longer_than_a_person_reads_at_once() {
    List<String> longer =
        java("src/main/java").stream()
            .filter(file -> text(file).lines().count() > LONGEST_FILE)
            .map(Path::toString)
            .toList();
    assertEquals(List.of(), longer, "files of more than " + LONGEST_FILE + " lines");
  }

  @Test
  void tests_wait_for_events_and_never_sleep() {
    String sleep = "Thread." + "sleep(";
    List<String> sleeping =
        java("src/test/java").stream()
            .filter(file -> text(file).contains(sleep))
            .map(Path::toString)
            .toList();
    assertEquals(List.of(), sleeping, "tests that sleep");
  }

  @Test
  void nothing_is_left_to_be_done_later() {
    List<String> markers =
        List.of("TO" + "DO", "FIX" + "ME", "UnsupportedOperation" + "Exception(");
    List<String> unfinished =
        java("src/main/java").stream()
            .filter(file -> markers.stream().anyMatch(text(file)::contains))
            .map(Path::toString)
            .toList();
    assertEquals(List.of(), unfinished, "unfinished code");
  }

  private static List<Path> java(String root) {
    return paths(root, file -> file.toString().endsWith(".java"));
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> paths(String root, Predicate<Path> wanted) {
    try (Stream<Path> all = Files.walk(Path.of(root))) {
      return all.filter(wanted).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
