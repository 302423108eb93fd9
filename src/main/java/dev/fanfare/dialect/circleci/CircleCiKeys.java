package dev.fanfare.dialect.circleci;

import dev.fanfare.dialect.key.KeyTable;

/** Every key of CircleCI's configuration reference, and what becomes of it. */
final class CircleCiKeys {

  static final KeyTable TABLE = table();

  private CircleCiKeys() {}

  private static KeyTable table() {
    KeyTable.Builder keys = KeyTable.builder();
    root(keys);
    definitions(keys);
    machines(keys);
    steps(keys);
    stepBodies(keys);
    workflows(keys);
    invocations(keys);
    return keys.build();
  }

  private static void root(KeyTable.Builder keys) {
    keys.section("root")
        .supported("version", "parameters", "commands", "executors", "jobs", "workflows")
        .mapped("orbs", "an orb that is written out in the file is used; others are not downloaded")
        .mapped("job-groups", "a group of steps at each place that invokes it")
        .warned("setup", "this file is run as it is; a configuration that it computes is not")
        .mapped("*", "only what its anchors carry to other places counts");
  }

  private static void definitions(KeyTable.Builder keys) {
    keys.section("orbs").mapped("*", "its commands, jobs and executors, under its name");
    keys.section("orb")
        .supported("jobs", "commands", "executors", "orbs")
        .noted("description", "it is for people")
        .noted("display", "it is for people")
        .noted("examples", "it is for people");
    keys.section("parameters").supported("*");
    keys.section("parameter").supported("type", "default", "enum", "description");
    keys.section("commands").supported("*");
    keys.section("command").supported("parameters", "steps", "description");
    keys.section("executors").supported("*");
    keys.section("executor");
    environment(keys).supported("parameters", "description");
    keys.section("jobs").mapped("*", "a step with one script, once for each place that invokes it");
    keys.section("job");
    environment(keys)
        .supported("type", "parameters", "description", "executor")
        .mapped("steps", "one script that does them in order, in folders of its own")
        .mapped("parallelism", "forEach, one instance for each node")
        .noted("retention", "files are kept as long as the run is")
        .warned("circleci_ip_ranges", "requests leave from where the step runs")
        .warned("branches", "it is the filter of version 2 without workflows; use filters")
        .refused("plan_name", "releases are CircleCI's own")
        .refused("validation", "releases are CircleCI's own");
    keys.section("executor-use").supported("name").supported("*");
  }

  private static KeyTable.Builder environment(KeyTable.Builder keys) {
    return keys.mapped("docker", "the first image is the step's image; no container is started")
        .mapped("machine", "the job runs where every step runs")
        .mapped("macos", "the job runs where every step runs")
        .noted("resource_class", "a step has what the machine has")
        .mapped("working_directory", "a folder of the job's own")
        .supported("shell", "environment");
  }

  private static void machines(KeyTable.Builder keys) {
    keys.section("docker")
        .mapped("image", "the step's image where it is the first; others are not started")
        .noted("name", "no container is started")
        .noted("entrypoint", "no container is started")
        .noted("command", "no container is started")
        .noted("user", "no container is started")
        .noted("environment", "no container is started")
        .noted("auth", "no image is pulled")
        .noted("aws_auth", "no image is pulled")
        .noted("gcp_auth", "no image is pulled");
    keys.section("machine")
        .mapped("image", "the job runs where every step runs")
        .noted("enabled", "the job runs where every step runs")
        .noted("resource_class", "a step has what the machine has")
        .noted("docker_layer_caching", "docker keeps the layers that it has");
    keys.section("macos").mapped("xcode", "the job uses what the machine has");
  }

  private static void steps(KeyTable.Builder keys) {
    keys.section("steps")
        .supported("run", "when", "unless")
        .mapped("deploy", "a run step")
        .mapped("checkout", "the folder of the file, or a clone of the repository")
        .mapped("persist_to_workspace", "files in the layer of the step")
        .mapped("attach_workspace", "files of the layers upstream")
        .mapped("store_artifacts", "files under artifacts/JOB in the workspace")
        .mapped("store_test_results", "files under test-results/JOB in the workspace")
        .mapped("save_cache", "a folder of this machine's cache")
        .mapped("restore_cache", "a folder of this machine's cache")
        .mapped("setup_remote_docker", "the docker command of the machine, where it has one")
        .mapped("add_ssh_keys", "the keys of the machine's ssh agent, where it has one")
        .refused("install_signing_bundle", "signing bundles are CircleCI's own")
        .mapped("*", "the steps of the command of that name");
  }

  private static void stepBodies(KeyTable.Builder keys) {
    keys.section("run")
        .supported("command", "name", "shell", "environment", "working_directory", "background")
        .supported("when", "max_auto_reruns", "auto_rerun_delay")
        .mapped("no_output_timeout", "the longest of a job limits the silence of the whole job");
    keys.section("checkout")
        .supported("path", "name")
        .noted("method", "what is checked out lies on this machine, or is cloned whole");
    keys.section("persist_to_workspace").supported("root", "paths", "name");
    keys.section("attach_workspace").supported("at", "name");
    keys.section("store_artifacts").supported("path", "destination", "name");
    keys.section("store_test_results").supported("path", "name");
    keys.section("save_cache").supported("key", "paths", "name", "when");
    keys.section("restore_cache").supported("key", "keys", "name");
    keys.section("setup_remote_docker")
        .noted("version", "it is the docker of the machine")
        .noted("docker_layer_caching", "docker keeps the layers that it has")
        .supported("name");
    keys.section("add_ssh_keys").noted("fingerprints", "no key is added").supported("name");
    keys.section("conditional").supported("condition", "steps");
    keys.section("arguments").supported("*");
    keys.section("logic").supported("and", "or", "not", "equal", "matches");
    keys.section("matches").supported("pattern", "value");
  }

  private static void workflows(KeyTable.Builder keys) {
    keys.section("workflows")
        .mapped("version", "nothing: the version of the file counts")
        .mapped("*", "the steps of the file where it runs alone, a group where several run");
    keys.section("workflow")
        .supported("jobs", "when", "unless")
        .mapped("triggers", "schedules of the registered file")
        .mapped("max_auto_reruns", "autoRerun of the run");
    keys.section("trigger").supported("schedule");
    keys.section("schedule").supported("cron", "filters");
    keys.section("job-groups").supported("*");
    keys.section("job-group").supported("jobs", "description");
  }

  private static void invocations(KeyTable.Builder keys) {
    keys.section("invocations").supported("*");
    keys.section("invocation")
        .mapped("requires", "needs, with the statuses that count")
        .mapped("name", "the step's name; characters that a name cannot have become dashes")
        .mapped("context", "a secret of the context's name whose lines are NAME=VALUE")
        .mapped("type", "approval becomes an approval, no-op a pass")
        .mapped("filters", "decided when the run starts; who is filtered ends skipped")
        .mapped("matrix", "one step for each combination")
        .mapped("serial-group", "a lock of that name")
        .supported("pre-steps", "post-steps")
        .warned("override-with", "no orb is downloaded: the job of this file runs")
        .supported("*");
    keys.section("requirement").supported("*");
    keys.section("matrix").supported("parameters", "exclude", "alias");
    keys.section("axes").supported("*");
    keys.section("combination").supported("*");
    keys.section("filters").supported("branches", "tags");
    keys.section("filter").supported("only", "ignore");
  }
}
