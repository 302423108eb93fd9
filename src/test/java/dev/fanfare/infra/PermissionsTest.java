package dev.fanfare.infra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the roles of the functions may do, beside the table in infra/README.md and the code. */
class PermissionsTest {

  private static final Path PAGE = Path.of("infra", "README.md");
  private static final Path SOURCES = Path.of("src", "main", "java");

  /** Operations of the SDK whose permission has another name. */
  private static final Map<String, String> NAMED_OTHERWISE =
      Map.of(
          "lambda:Invoke", "lambda:InvokeFunction",
          "s3:ListObjectsV2", "s3:ListBucket",
          "s3:HeadObject", "s3:GetObject");

  private static final Pattern OPERATION =
      Pattern.compile(
          "software\\.amazon\\.awssdk\\.services\\.(\\w+)\\.model\\.(\\w+?)(?:Batch)?"
              + "(?:Request|Response)(?:Entry)?;");

  private static final Pattern CLIENT =
      Pattern.compile("software\\.amazon\\.awssdk\\.services\\.(\\w+)\\.\\w+Client;");

  /** On a client that a method, a supplier or a field holds. */
  private static final Pattern CALL =
      Pattern.compile("\\bclient(?:\\(\\)|\\s*\\.get\\(\\))?\\s*\\.(\\w+?)(?:Paginator)?\\(");

  /** A row of the table. */
  private record Row(Set<String> functions, String action, String on, String by) {}

  @Test
  void the_table_has_each_action_of_each_function_and_no_other() throws IOException {
    Set<String> planned = new TreeSet<>();
    functionPolicies(Plan.of("everything"))
        .forEach(
            (function, statements) ->
                statements.stream()
                    .filter(Statement::allows)
                    .flatMap(statement -> statement.actions().stream())
                    .forEach(action -> planned.add(function + " " + action)));
    Set<String> written =
        rows().stream()
            .flatMap(row -> row.functions().stream().map(name -> name + " " + row.action()))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(written, planned);
  }

  @ParameterizedTest
  @ValueSource(strings = {"everything", "smallest", "existing-database", "emulator"})
  void nothing_is_allowed_in_general(String name) {
    Plan plan = Plan.of(name);
    for (Plan.Resource policy : plan.all("aws_iam_role_policy")) {
      for (Statement statement : Statement.of(policy.text("policy"))) {
        if (statement.allows()) {
          statement
              .actions()
              .forEach(action -> assertFalse(action.contains("*"), policy.address() + action));
          assertFalse(statement.resources().isEmpty(), policy.address());
          statement
              .resources()
              .forEach(resource -> assertNarrow(policy.address(), statement, resource));
        }
      }
    }
  }

  private static void assertNarrow(String policy, Statement statement, String resource) {
    if (resource.equals("*")) {
      assertTrue(
          statement.actions().stream().allMatch(action -> action.startsWith("ec2:")),
          policy + " allows " + statement.actions() + " on *");
      return;
    }
    // arn:partition:service:region:account:what; the last part is never an asterisk alone.
    String[] parts = resource.split(":", 6);
    assertEquals(6, parts.length, policy + " " + resource);
    assertFalse(
        parts[5].matches("(function|secret|parameter|key|log-group)?[:/]?\\*.*"),
        policy + " " + resource);
    assertFalse((parts[2] + parts[3] + parts[4]).contains("*"), policy + " " + resource);
  }

  @Test
  void the_network_is_for_lambda_itself_and_not_for_the_code_of_a_function() {
    functionPolicies(Plan.of("everything"))
        .forEach(
            (function, statements) ->
                assertTrue(
                    statements.stream()
                        .anyMatch(
                            statement ->
                                !statement.allows()
                                    && statement.actions().equals(List.of("ec2:*"))
                                    && statement.conditions().contains("lambda:SourceFunctionArn")),
                    function));
  }

  @Test
  void every_policy_is_known_before_anything_exists() {
    for (String name : List.of("everything", "smallest", "existing-database", "emulator")) {
      Plan plan = Plan.of(name);
      assertFalse(plan.all("aws_iam_role_policy").isEmpty());
      for (Plan.Resource policy : plan.all("aws_iam_role_policy")) {
        assertTrue(policy.values().get("policy") instanceof String, name + ": " + policy.address());
      }
    }
  }

  @Test
  void a_class_that_needs_an_action_is_there_and_calls_it() throws IOException {
    for (Row row : rows()) {
      Matcher type = Pattern.compile("`(\\w+)`").matcher(row.by());
      if (!row.by().startsWith("Lambda, ")) {
        assertTrue(type.find(), row.toString());
        Path file = source(type.group(1)).orElseThrow(() -> new AssertionError(row.toString()));
        assertTrue(
            row.action().equals("kms:Decrypt") || Files.readString(file).contains(call(row)),
            file + " does not call " + call(row));
      }
    }
  }

  private static String action(String service, String operation) {
    String name = service + ":" + operation;
    return NAMED_OTHERWISE.getOrDefault(name, name);
  }

  /** As the SDK calls it: {@code .sendMessage(}. */
  private static String call(Row row) {
    String operation =
        NAMED_OTHERWISE.entrySet().stream()
            .filter(other -> other.getValue().equals(row.action()))
            .map(Map.Entry::getKey)
            .filter(other -> !other.equals("s3:HeadObject"))
            .findFirst()
            .orElse(row.action());
    String name = operation.substring(operation.indexOf(':') + 1);
    return "." + name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
  }

  @Test
  void what_the_code_calls_in_aws_is_in_the_table() throws IOException {
    Set<String> written = rows().stream().map(Row::action).collect(Collectors.toSet());
    Set<String> called = new TreeSet<>();
    for (Path file : sources()) {
      String code = Files.readString(file);
      Matcher operation = OPERATION.matcher(code);
      while (operation.find()) {
        called.add(action(operation.group(1), operation.group(2)));
      }
      Matcher client = CLIENT.matcher(code);
      if (client.find()) {
        CALL.matcher(code)
            .results()
            .map(call -> call.group(1))
            .filter(call -> !call.equals("close"))
            .map(call -> call.substring(0, 1).toUpperCase(Locale.ROOT) + call.substring(1))
            .forEach(call -> called.add(action(client.group(1), call)));
      }
    }
    assertTrue(
        called.containsAll(Set.of("lambda:InvokeFunction", "sqs:SendMessage", "s3:ListBucket")),
        called::toString);
    called.removeAll(written);
    assertEquals(Set.of(), called, "calls of AWS that no row of the table allows");
  }

  @Test
  void jobs_of_ci_systems_may_call_the_url_and_nothing_else() {
    Plan plan = Plan.of("everything");
    List<Plan.Resource> policies =
        plan.all("aws_iam_role_policy").stream()
            .filter(policy -> policy.name().equals("ci"))
            .toList();
    assertEquals(2, policies.size());
    for (Plan.Resource policy : policies) {
      List<Statement> statements = Statement.of(policy.text("policy"));
      assertEquals(
          Set.of("lambda:InvokeFunctionUrl", "lambda:InvokeFunction"),
          statements.stream().flatMap(each -> each.actions().stream()).collect(Collectors.toSet()));
      for (Statement statement : statements) {
        assertEquals(
            List.of("arn:aws:lambda:eu-central-1:123456789012:function:acme-ci-trigger:live"),
            statement.resources());
        assertTrue(
            statement
                .conditions()
                .contains(
                    statement.actions().contains("lambda:InvokeFunction")
                        ? "lambda:InvokedViaFunctionUrl"
                        : "lambda:FunctionUrlAuthType"),
            statement.toString());
      }
    }
  }

  private static Map<String, List<Statement>> functionPolicies(Plan plan) {
    Map<String, List<Statement>> byFunction = new TreeMap<>();
    for (Plan.Resource policy : plan.all("aws_iam_role_policy")) {
      if (policy.name().equals("ci")) {
        continue;
      }
      String function =
          switch (policy.name()) {
            case "dispatcher" -> "dispatcher";
            case "calls" -> "step";
            default -> policy.key();
          };
      byFunction
          .computeIfAbsent(function, any -> new ArrayList<>())
          .addAll(Statement.of(policy.text("policy")));
    }
    return byFunction;
  }

  private static List<Row> rows() throws IOException {
    return Tables.rows(PAGE, "actions").stream()
        .map(
            cells ->
                new Row(
                    Arrays.stream(cells.get(0).split(","))
                        .map(String::strip)
                        .collect(Collectors.toSet()),
                    cells.get(1).replace("`", ""),
                    cells.get(2),
                    cells.get(3)))
        .toList();
  }

  private static Optional<Path> source(String type) throws IOException {
    return sources().stream()
        .filter(file -> file.getFileName().toString().equals(type + ".java"))
        .findFirst();
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }
}
