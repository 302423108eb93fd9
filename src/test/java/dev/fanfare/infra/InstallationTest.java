package dev.fanfare.infra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a deployment makes. */
class InstallationTest {

  private static final String FUNCTION = "aws_lambda_function.function[\"%s\"]";

  @ParameterizedTest
  @ValueSource(strings = {"everything", "smallest", "existing-database", "emulator"})
  void there_are_four_functions_with_versions_an_alias_and_a_log(String name) {
    Plan plan = Plan.of(name);
    Set<String> functions = Set.of("trigger", "dispatcher", "step", "operator");
    for (String function : functions) {
      Plan.Resource resource = plan.one(FUNCTION.formatted(function));
      assertEquals(true, resource.values().get("publish"));
      assertEquals(function, environment(resource).get("QUARKUS_LAMBDA_HANDLER"));
      assertEquals("JSON", resource.block("logging_config").get("log_format"));
      plan.one("aws_cloudwatch_log_group.function[\"%s\"]".formatted(function));
    }
    assertEquals(
        functions,
        plan.all("aws_lambda_alias").stream()
            .filter(alias -> alias.values().get("name").equals("live"))
            .filter(alias -> !alias.name().equals("image"))
            .map(alias -> alias.name().equals("operator") ? "operator" : alias.key())
            .collect(Collectors.toSet()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"everything", "smallest", "existing-database", "emulator"})
  void lambda_drops_no_deep_chain_and_repeats_nothing(String name) {
    Plan plan = Plan.of(name);
    for (String worker : List.of("dispatcher", "step")) {
      assertEquals(
          "Allow",
          plan.one("aws_lambda_function_recursion_config.worker[\"%s\"]".formatted(worker))
              .text("recursive_loop"));
      Plan.Resource delivery =
          plan.one("aws_lambda_function_event_invoke_config.worker[\"%s\"]".formatted(worker));
      assertEquals(0L, delivery.values().get("maximum_retry_attempts"));
      assertEquals("live", delivery.text("qualifier"));
      assertTrue(delivery.block("destination_config").containsKey("on_failure"));
    }
    for (Plan.Resource source : plan.all("aws_lambda_event_source_mapping")) {
      assertEquals(
          List.of("ReportBatchItemFailures"), source.values().get("function_response_types"));
    }
    assertEquals(2, plan.all("aws_lambda_event_source_mapping").size());
  }

  @Test
  void functions_begin_from_a_snapshot_where_lambda_can() {
    Plan plan = Plan.of("existing-database");
    for (String function : List.of("trigger", "dispatcher", "step")) {
      assertEquals(
          "PublishedVersions",
          plan.one(FUNCTION.formatted(function)).block("snap_start").get("apply_on"));
    }
    // A file system or a large disk and a snapshot do not go together.
    assertEquals(
        Map.of(), Plan.of("everything").one(FUNCTION.formatted("step")).block("snap_start"));
  }

  @Test
  void the_operator_knows_the_database_and_nothing_else_of_the_engine() {
    Set<?> settings =
        environment(Plan.of("everything").one(FUNCTION.formatted("operator"))).keySet();
    assertTrue(settings.contains("FANFARE_DATABASE_SECRET"));
    assertFalse(settings.contains("FANFARE_QUEUE"));
    assertFalse(settings.contains("FANFARE_FUNCTIONS_STEP"));
  }

  @Test
  void what_the_address_says_about_tls_counts_for_the_pool_as_well() {
    String setting = "QUARKUS_DATASOURCE_REACTIVE_POSTGRESQL_SSL_MODE";
    assertEquals(
        "require", environment(Plan.of("everything").one(FUNCTION.formatted("step"))).get(setting));
    assertFalse(
        environment(Plan.of("smallest").one(FUNCTION.formatted("step"))).containsKey(setting));
  }

  @ParameterizedTest
  @ValueSource(strings = {"everything", "smallest", "existing-database", "emulator"})
  void nobody_reaches_a_function_past_its_url(String name) {
    for (Plan.Resource permission : Plan.of(name).all("aws_lambda_permission")) {
      if (permission.text("principal").equals("*")) {
        assertEquals("lambda:InvokeFunctionUrl", permission.text("action"));
        assertEquals("NONE", permission.text("function_url_auth_type"));
      } else {
        assertFalse(permission.text("source_arn").equals("*"), permission.address());
      }
    }
  }

  @Test
  void a_url_with_tokens_is_open_for_calls_through_the_url_only() {
    String stack =
        Plan.of("existing-database").one("aws_cloudformation_stack.url[0]").text("template_body");
    assertTrue(stack.contains("\"InvokedViaFunctionUrl\":true"), stack);
    assertTrue(stack.contains("\"Action\":\"lambda:InvokeFunction\""), stack);
  }

  @Test
  void a_url_with_aws_signatures_lets_nobody_in_by_itself() {
    Plan plan = Plan.of("everything");
    assertEquals(
        "AWS_IAM", plan.one("aws_lambda_function_url.trigger[0]").text("authorization_type"));
    assertTrue(
        plan.all("aws_lambda_permission").stream()
            .noneMatch(permission -> permission.text("principal").equals("*")));
    assertEquals(List.of(), plan.all("aws_cloudformation_stack"));
    // Its jobs run workflows; more has to be given to them by name.
    assertEquals(
        "arn:aws:sts::123456789012:assumed-role/acme-ci-*=run"
            + ";arn:aws:sts::123456789012:assumed-role/acme-ci-ci-github-eu-central-1/*=run"
            + ";arn:aws:sts::123456789012:assumed-role/acme-ci-ci-gitlab-eu-central-1/*=run",
        environment(plan.one(FUNCTION.formatted("trigger"))).get("FANFARE_AUTH_IAM"));
  }

  @Test
  void the_bucket_is_private_and_forgets_by_prefix() {
    Plan plan = Plan.of("existing-database");
    Map<?, ?> access = plan.one("aws_s3_bucket_public_access_block.files").values();
    for (String block :
        List.of(
            "block_public_acls",
            "block_public_policy",
            "ignore_public_acls",
            "restrict_public_buckets")) {
      assertEquals(true, access.get(block), block);
    }
    String rules =
        String.valueOf(
            plan.one("aws_s3_bucket_lifecycle_configuration.files").values().get("rule"));
    for (String prefix : List.of("layers/", "logs/", "outputs/")) {
      assertTrue(rules.contains("prefix=" + prefix), rules);
    }
    assertTrue(
        plan.one("aws_s3_bucket_policy.files[0]").text("policy").contains("aws:SecureTransport"));
  }

  @Test
  void alarms_watch_what_would_go_unseen() {
    Set<String> metrics =
        Plan.of("existing-database").all("aws_cloudwatch_metric_alarm").stream()
            .map(alarm -> alarm.text("metric_name"))
            .collect(Collectors.toSet());
    assertEquals(
        Set.of(
            "ApproximateNumberOfMessagesVisible",
            "ApproximateAgeOfOldestMessage",
            "NumberOfMessagesSent",
            "Invocations",
            "TicksWithStuckRuns",
            "Errors",
            "Throttles",
            "RecursiveInvocationsDropped",
            "DestinationDeliveryFailures"),
        metrics);
  }

  @Test
  void the_words_that_an_alarm_waits_for_are_those_of_the_dispatcher() throws IOException {
    String pattern =
        Plan.of("existing-database")
            .one("aws_cloudwatch_log_metric_filter.stuck[0]")
            .text("pattern");
    assertEquals("\"runs are stuck\"", pattern);
    Path dispatcher = Path.of("src/main/java/dev/fanfare/function/DispatcherService.java");
    assertTrue(Files.readString(dispatcher).contains(pattern.replaceFirst("\"$", "")));
  }

  @Test
  void the_database_of_the_example_lets_in_the_functions_alone() {
    for (String name : List.of("aurora-nat", "aurora-endpoints")) {
      Plan plan = Plan.of(name);
      Map<?, ?> cluster = plan.one("aws_rds_cluster.fanfare").values();
      assertEquals(true, cluster.get("storage_encrypted"));
      assertEquals(true, cluster.get("manage_master_user_password"));
      assertEquals(true, cluster.get("deletion_protection"));
      Plan.Resource rule = plan.one("aws_vpc_security_group_ingress_rule.database");
      assertEquals("null", rule.text("cidr_ipv4"));
      assertEquals(5432L, rule.values().get("from_port"));
    }
    assertEquals(1, Plan.of("aurora-nat").all("aws_nat_gateway").size());
    assertEquals(List.of(), Plan.of("aurora-endpoints").all("aws_nat_gateway"));
    assertEquals(4, Plan.of("aurora-endpoints").all("aws_vpc_endpoint").size());
  }

  private static Map<?, ?> environment(Plan.Resource function) {
    return (Map<?, ?>) function.block("environment").get("variables");
  }
}
