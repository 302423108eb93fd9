package dev.fanfare.dialect.codefresh;

import dev.fanfare.dialect.key.KeyTable;

/** Every key of a Codefresh file, and what becomes of it. */
final class Keys {

  /** What becomes of keys of built-in types that only Codefresh's cloud can act on. */
  private static final String TO_BEAN = "is handed to the Java step codefresh/TYPE";

  private static final String CLOUD = "it is about Codefresh's own machines";

  private static final String SERVICES =
      "are started before and stopped after by the Java step codefresh/services";

  static final KeyTable TABLE = table();

  private Keys() {}

  private static KeyTable table() {
    KeyTable.Builder table = KeyTable.builder();
    root(table);
    spec(table);
    triggers(table);
    step(table);
    images(table);
    clouds(table);
    around(table);
    hooks(table);
    return table.build();
  }

  private static void root(KeyTable.Builder table) {
    table
        .section("root")
        .supported("version", "steps", "mode")
        .mapped("stages", "are titles; they order nothing")
        .mapped("hooks", "become hooks of the run")
        .mapped("fail_fast", "is the default of every step's fail_fast")
        .mapped("strict_fail_fast", "true: tolerated failures make the run failed")
        .mapped("success_criteria", "decides the run's outcome; what does not count is tolerated")
        .mapped("indicators", "holds anchors; nothing in it runs")
        .mapped("build_version", "both versions build with the docker command line")
        .mapped("services", SERVICES)
        .section("pipeline")
        .supported("version", "kind", "metadata", "spec")
        .section("metadata")
        .mapped("name", "becomes the workflow's name, with - for /")
        .mapped("description", "becomes the workflow's description");
    for (String key :
        new String[] {
          "id",
          "shortName",
          "revision",
          "isPublic",
          "labels",
          "labelKeys",
          "created_at",
          "updated_at",
          "accountId",
          "originalYamlString",
          "projectId",
          "project",
          "template",
          "executionContextId",
          "deprecate",
          "tags"
        }) {
      table.noted(key, "it is a fact about the pipeline in Codefresh's database");
    }
  }

  private static void spec(KeyTable.Builder table) {
    table
        .section("spec")
        .supported("steps", "mode")
        .mapped("stages", "are titles; they order nothing")
        .mapped("hooks", "become hooks of the run")
        .mapped("fail_fast", "is the default of every step's fail_fast")
        .mapped("strict_fail_fast", "true: tolerated failures make the run failed")
        .mapped("success_criteria", "decides the run's outcome; what does not count is tolerated")
        .mapped("variables", "become parameters with defaults, and the environment of scripts")
        .mapped("triggers", "become webhooks and schedules")
        .mapped("cronTriggers", "become schedules, in UTC")
        .mapped("concurrency", "becomes the workflow's concurrency; 0 freezes")
        .mapped("branchConcurrency", "becomes concurrency with a key for each branch")
        .mapped("triggerConcurrency", "becomes concurrency with a key for each trigger")
        .mapped("priority", "becomes the priority in the queue of concurrency")
        .mapped("terminationPolicy", "on creation becomes concurrency that cancels older runs")
        .mapped("build_version", "both versions build with the docker command line")
        .mapped("services", SERVICES)
        .refused("specTemplate", "the steps stand in another file: run that file")
        .warned("contexts", "give the values of shared configuration with --param")
        .warned("externalResources", "nothing is fetched before the first step")
        .noted("permitRestartFromFailedSteps", "every run can be rerun from what failed")
        .noted("runtimeEnvironment", CLOUD)
        .noted("options", CLOUD)
        .noted("packId", CLOUD)
        .noted("requiredAvailableStorage", CLOUD)
        .noted("lowMemoryWarningThreshold", CLOUD)
        .noted("clustersInfo", CLOUD)
        .noted("scopes", CLOUD)
        .noted("scopeSnapshot", CLOUD)
        .noted("variablesSchema", CLOUD)
        .noted("debug", CLOUD)
        .noted("serviceAccount", CLOUD)
        .section("variable")
        .supported("key", "value")
        .mapped("encrypted", "becomes a secret of that name: an encrypted value cannot be read")
        .noted("description", "it is for people");
  }

  private static void triggers(KeyTable.Builder table) {
    table
        .section("trigger")
        .mapped("type", "git becomes a webhook, cron a schedule")
        .mapped("events", "push and pull requests become a condition of the webhook")
        .mapped("branchRegex", "becomes a condition of the webhook")
        .mapped("branchRegexInput", "says how branchRegex is written")
        .mapped("pullRequestTargetBranchRegex", "becomes a condition of the webhook")
        .mapped("repo", "becomes a condition of the webhook")
        .mapped("disabled", "true: the trigger is left out")
        .mapped("expression", "becomes the schedule, in UTC")
        .mapped("variables", "become parameters of the run")
        .mapped("branch", "becomes the parameter CF_BRANCH of the run")
        .warned("modifiedFilesGlob", "the webhook starts a run whatever files were changed")
        .warned("commentRegex", "comments start no runs")
        .warned("concurrency", "the pipeline's concurrency counts")
        .warned("priority", "the pipeline's priority counts")
        .warned("terminationPolicy", "the pipeline's termination policy counts")
        .warned("contexts", "give the values of shared configuration with --param")
        .warned("pullRequestAllowForkEvents", "pull requests of forks start runs as others do");
    for (String key :
        new String[] {
          "name",
          "id",
          "description",
          "message",
          "provider",
          "context",
          "verified",
          "status",
          "commitStatusTitle",
          "createdFromRepositoryMigration",
          "gitTriggerId",
          "event",
          "lastExecutionDate",
          "skipCommentAuthorAssociationValidation",
          "gerritCIStatusLabels",
          "runtimeEnvironment",
          "options"
        }) {
      table.noted(key, "it does not change when a run starts or what it does");
    }
    table
        .section("termination")
        .supported("event", "type")
        .mapped("branchName", "is left out: runs of every branch are ended")
        .noted("ignoreTrigger", "runs of all triggers are one line")
        .noted("ignoreBranch", "true: runs of all branches are one line");
  }

  private static void step(KeyTable.Builder table) {
    table
        .section("step")
        .supported("type", "title", "stage", "commands", "timeout")
        .mapped("name", "becomes the title")
        .mapped("description", "becomes the title where there is none")
        .mapped("arguments", "of a built-in type count as keys of the step, of others as its input")
        .mapped("image", "names a function that carries the image, as in Fanfare's own files")
        .mapped("cmd", "runs the image with docker, the workspace mounted")
        .mapped("entry_point", "runs the image with docker, the workspace mounted")
        .mapped("shell", "sh or bash")
        .mapped("environment", "becomes env; a bare name takes the variable of that name")
        .mapped("working_directory", "becomes workdir, below the folder of main_clone")
        .mapped("working-directory", "is working_directory")
        .mapped("volumes", "are mounted where the image is run with docker")
        .mapped("fail_fast", "false becomes onFailure: tolerate")
        .mapped("fail-fast", "is fail_fast")
        .mapped("strict_fail_fast", "true: the run goes on and ends failed")
        .mapped("retry", "becomes retry; each delay is the one before to the power of the factor")
        .mapped("when", "becomes a condition, or needs")
        .mapped("hooks", "become hooks of the step")
        .mapped("steps", "become the children of a parallel")
        .mapped("success_criteria", "becomes success of the parallel")
        .mapped("scale", "becomes a parallel with a child for each name")
        .mapped("matrix", "becomes a parallel with a child for each combination")
        .mapped("services", SERVICES)
        .warned("metadata", "nothing keeps metadata of images")
        .warned("annotations", "nothing keeps annotations of runs")
        .warned("on_success", "it keeps metadata or annotations, which nothing does here")
        .warned("on_fail", "it keeps metadata or annotations, which nothing does here")
        .warned("on_finish", "it keeps metadata or annotations, which nothing does here")
        .noted("debug", CLOUD)
        .noted("runtimeEnvironment", CLOUD)
        .noted("docker_machine", CLOUD);
  }

  private static void images(KeyTable.Builder table) {
    table
        .mapped("repo", "is cloned with git; the pipeline's own repository is the file's folder")
        .mapped("revision", "is checked out")
        .noted("git", "git finds its credentials on the machine")
        .noted("use_proxy", "git finds its proxy on the machine")
        .mapped("credentials", "are used for docker login; git finds its own on the machine")
        .mapped("image_name", "is built or pushed with the docker command line")
        .mapped("dockerfile", "is built with the docker command line")
        .mapped("dockerfile_content", "is built with the docker command line")
        .mapped("tag", "becomes the image's tag")
        .mapped("tags", "become the image's tags")
        .mapped("tag_policy", "tags are in lower case unless it is original")
        .mapped("build_arguments", "become --build-arg")
        .mapped("target", "becomes --target")
        .mapped("no_cache", "becomes --no-cache")
        .mapped("cache_from", "becomes --cache-from")
        .mapped("platform", "becomes --platform")
        .mapped("buildkit", "sets DOCKER_BUILDKIT")
        .mapped("buildx", "builds with docker buildx")
        .mapped("progress", "becomes --progress")
        .mapped("ssh", "becomes --ssh")
        .mapped("secrets", "become --secret")
        .mapped("squash", "becomes --squash")
        .mapped("registry", "is an address, or CF_REGISTRY_NAME says it")
        .mapped("disable_push", "true: what is built is not pushed")
        .mapped("candidate", "is the image that is pushed")
        .noted("no_cf_cache", "there is no cache but docker's")
        .noted("registry_context", "docker finds its credentials on the machine")
        .noted("registry_contexts", "docker finds its credentials on the machine")
        .noted("provider", "docker finds its credentials on the machine")
        .noted("region", "docker finds its credentials on the machine")
        .noted("role_arn", "docker finds its credentials on the machine")
        .noted("aws_session_name", "docker finds its credentials on the machine")
        .noted("aws_duration_seconds", "docker finds its credentials on the machine")
        .noted("accessKeyId", "docker finds its credentials on the machine")
        .noted("secretAccessKey", "docker finds its credentials on the machine")
        .noted("metadata_file", "nothing keeps metadata of images");
  }

  private static void clouds(KeyTable.Builder table) {
    for (String key :
        new String[] {
          "composition",
          "composition_candidates",
          "composition_variables",
          "composition_network",
          "entry_file",
          "environment_name",
          "kind",
          "cluster",
          "namespace",
          "service",
          "file_path",
          "commands_to_run",
          "host",
          "hosts",
          "user",
          "actions",
          "port",
          "test",
          "travis",
          "use",
          "with",
          "env"
        }) {
      table.mapped(key, TO_BEAN);
    }
    table
        .section("codefresh-run")
        .mapped("PIPELINE_ID", "is the file or the registered workflow to run")
        .mapped("PIPELINE_NAME", "is the file or the registered workflow to run")
        .mapped("VARIABLE", "become parameters of the run")
        .mapped("BRANCH", "becomes the parameter CF_BRANCH of the run")
        .mapped("SHA", "becomes the parameter CF_REVISION of the run")
        .mapped("DETACH", "true: the run is not waited for")
        .mapped("TIMEOUT_MINS", "becomes the step's timeout")
        .mapped("TIMEOUT", "becomes the step's timeout")
        .noted("TERMINATE_ON_TIMEOUT", "a step whose time is up ends the run it waits for")
        .warned("TRIGGER_ID", "the run has no trigger")
        .warned("VAR_FILE", "give the values under VARIABLE");
    for (String key :
        new String[] {
          "NO_CACHE",
          "NO_CF_CACHE",
          "RESET_VOLUME",
          "ENABLE_NOTIFICATIONS",
          "CF_API_KEY",
          "SCALE",
          "SKIP_CF_METADATA",
          "CONTEXT",
          "INHERIT_VARIABLES"
        }) {
      table.noted(key, CLOUD);
    }
  }

  private static void around(KeyTable.Builder table) {
    table
        .section("retry")
        .supported("maxAttempts", "delay")
        .mapped("exponentialFactor", "each delay is the one before to the power of it, at most 60m")
        .section("when")
        .mapped("branch", "becomes a condition over run.branch")
        .mapped("condition", "becomes an expression")
        .mapped("steps", "become needs, or a condition")
        .section("branch")
        .supported("only", "ignore")
        .section("condition")
        .supported("all", "any")
        .section("conditions")
        .supported("*")
        .section("dependencies")
        .supported("all", "any")
        .section("dependency")
        .supported("name", "on")
        .section("criteria")
        .supported("steps", "condition")
        .section("criteria-steps")
        .supported("only", "ignore")
        .section("names")
        .supported("*")
        .section("matrix")
        .supported("*")
        .section("approval-timeout")
        .supported("duration", "timeUnit")
        .mapped("finalState", "terminated ends the step timed_out");
  }

  private static void hooks(KeyTable.Builder table) {
    table
        .section("hooks")
        .mapped("on_elected", "becomes the hook before")
        .mapped("on_success", "becomes the hook onSuccess")
        .mapped("on_fail", "becomes the hook onFailure")
        .mapped("on_finish", "becomes the hook always")
        .section("hook")
        .mapped("exec", "becomes the steps of the hook")
        .mapped("steps", "become a sequence, or a parallel")
        .mapped("mode", "parallel: the steps of the hook start together")
        .mapped("fail_fast", "false: a hook that fails before a step lets it begin")
        .warned("metadata", "nothing keeps metadata of images")
        .warned("annotations", "nothing keeps annotations of runs");
  }
}
