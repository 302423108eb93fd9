package dev.fanfare.dialect.codefresh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.dialect.Imported;
import dev.fanfare.dialect.key.KeyRule;
import dev.fanfare.dialect.key.Treatment;
import dev.fanfare.dialects.Shows;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys that are not honoured: each says so, where it stands. */
@Shows({
  "metadata.id",
  "metadata.shortName",
  "metadata.revision",
  "metadata.isPublic",
  "metadata.labels",
  "metadata.labelKeys",
  "metadata.created_at",
  "metadata.updated_at",
  "metadata.accountId",
  "metadata.originalYamlString",
  "metadata.projectId",
  "metadata.project",
  "metadata.template",
  "metadata.executionContextId",
  "metadata.deprecate",
  "metadata.tags",
  "spec.specTemplate",
  "spec.contexts",
  "spec.externalResources",
  "spec.permitRestartFromFailedSteps",
  "spec.runtimeEnvironment",
  "spec.options",
  "spec.packId",
  "spec.requiredAvailableStorage",
  "spec.lowMemoryWarningThreshold",
  "spec.clustersInfo",
  "spec.scopes",
  "spec.scopeSnapshot",
  "spec.variablesSchema",
  "spec.debug",
  "spec.serviceAccount",
  "variable.description",
  "trigger.modifiedFilesGlob",
  "trigger.commentRegex",
  "trigger.concurrency",
  "trigger.priority",
  "trigger.terminationPolicy",
  "trigger.contexts",
  "trigger.pullRequestAllowForkEvents",
  "trigger.name",
  "trigger.id",
  "trigger.description",
  "trigger.message",
  "trigger.provider",
  "trigger.context",
  "trigger.verified",
  "trigger.status",
  "trigger.commitStatusTitle",
  "trigger.createdFromRepositoryMigration",
  "trigger.gitTriggerId",
  "trigger.event",
  "trigger.lastExecutionDate",
  "trigger.skipCommentAuthorAssociationValidation",
  "trigger.gerritCIStatusLabels",
  "trigger.runtimeEnvironment",
  "trigger.options",
  "termination.ignoreTrigger",
  "termination.ignoreBranch",
  "step.metadata",
  "step.annotations",
  "step.on_success",
  "step.on_fail",
  "step.on_finish",
  "step.debug",
  "step.runtimeEnvironment",
  "step.docker_machine",
  "step.git",
  "step.use_proxy",
  "step.no_cf_cache",
  "step.registry_context",
  "step.registry_contexts",
  "step.provider",
  "step.region",
  "step.role_arn",
  "step.aws_session_name",
  "step.aws_duration_seconds",
  "step.accessKeyId",
  "step.secretAccessKey",
  "step.metadata_file",
  "codefresh-run.TERMINATE_ON_TIMEOUT",
  "codefresh-run.TRIGGER_ID",
  "codefresh-run.VAR_FILE",
  "codefresh-run.NO_CACHE",
  "codefresh-run.NO_CF_CACHE",
  "codefresh-run.RESET_VOLUME",
  "codefresh-run.ENABLE_NOTIFICATIONS",
  "codefresh-run.CF_API_KEY",
  "codefresh-run.SCALE",
  "codefresh-run.SKIP_CF_METADATA",
  "codefresh-run.CONTEXT",
  "codefresh-run.INHERIT_VARIABLES",
  "hook.metadata",
  "hook.annotations"
})
class CodefreshReportedTest {

  /** A file around a key, by the section that the key belongs to. */
  private static final Map<String, String> FILES =
      Map.of(
          "metadata",
          "version: 1\nkind: pipeline\nmetadata: { name: n, KEY: x }\n"
              + "spec: { steps: { s: { image: i, commands: ls } } }\n",
          "spec",
          "version: 1\n"
              + "kind: pipeline\n"
              + "spec: { steps: { s: { image: i, commands: ls } }, KEY: x }\n",
          "variable",
          "version: 1\nkind: pipeline\nspec: { steps: { s: { image: i, commands: ls } },"
              + " variables: [{ key: A, value: b, KEY: x }] }\n",
          "trigger",
          "version: 1\nkind: pipeline\nspec: { steps: { s: { image: i, commands: ls } },"
              + " triggers: [{ type: git, events: [push], KEY: x }] }\n",
          "termination",
          "version: 1\nkind: pipeline\nspec: { steps: { s: { image: i, commands: ls } },"
              + " terminationPolicy: [{ event: onCreate, type: branch, KEY: x }] }\n",
          "step",
          "version: 1\nsteps: { s: { image: i, commands: ls, KEY: x } }\n",
          "codefresh-run",
          "version: 1\n"
              + "steps: { s: { type: codefresh-run, arguments: { PIPELINE_ID: p, KEY: x } } }\n",
          "hook",
          "version: 1\nhooks: { on_finish: { exec: [ls], KEY: x } }\n"
              + "steps: { s: { image: i, commands: ls } }\n");

  static Stream<KeyRule> reported() {
    return Keys.TABLE.rules().stream().filter(rule -> rule.treatment() == Treatment.REPORTED);
  }

  @ParameterizedTest
  @MethodSource("reported")
  void a_key_that_is_not_honoured_says_so(KeyRule rule) {
    Imported imported = Reading.file(FILES.get(rule.section()).replace("KEY", rule.key()));
    List<Diagnostic> found =
        imported.diagnostics().stream()
            .filter(each -> each.message().contains("'" + rule.key() + "'"))
            .toList();
    assertEquals(1, found.size(), () -> rule.id() + ": " + imported.diagnostics());
    assertEquals(rule.severity(), found.getFirst().severity(), found.getFirst()::oneLine);
    assertTrue(found.getFirst().message().contains(rule.becomes()), found.getFirst()::oneLine);
    assertTrue(found.getFirst().span().line() > 0);
  }
}
