package dev.fanfare.dialect.dagu;

import dev.fanfare.dialect.key.KeyRule;
import dev.fanfare.dialect.key.KeyTable;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** What becomes of each of Dagu's keys, in both ways they are written. */
final class DaguKeys {

  static final KeyTable TABLE = new DaguKeys().build();

  /** Keys that only a file of the new way has. */
  static final Set<String> SNAKE =
      TABLE.rules().stream()
          .map(KeyRule::key)
          .filter(key -> !camel(key).equals(key))
          .collect(Collectors.toUnmodifiableSet());

  /** The same keys in the old way. */
  static final Set<String> CAMEL =
      SNAKE.stream().map(DaguKeys::camel).collect(Collectors.toUnmodifiableSet());

  private static final String NO_MAIL = "no mail is sent; a handler can send one";
  private static final String NO_EQUAL = "configures steps of a kind that a step bean does here";
  private static final String PAGE = "is for people and pages only";

  private final KeyTable.Builder table = KeyTable.builder();

  private DaguKeys() {}

  /** {@code retry_policy} as {@code retryPolicy}. */
  static String camel(String key) {
    StringBuilder camel = new StringBuilder();
    boolean upper = false;
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      if (c == '_' && i > 0) {
        upper = true;
      } else {
        camel.append(upper ? Character.toUpperCase(c) : c);
        upper = false;
      }
    }
    return camel.toString();
  }

  private KeyTable build() {
    root();
    rootReported();
    step();
    work();
    stepReported();
    policies();
    fans();
    actions();
    around();
    return table.build();
  }

  private void supported(String... keys) {
    for (String key : keys) {
      both(key, "", (name, text) -> table.supported(name));
    }
  }

  private void mapped(String key, String becomes) {
    both(key, becomes, table::mapped);
  }

  private void noted(String consequence, String... keys) {
    for (String key : keys) {
      both(key, consequence, table::noted);
    }
  }

  private void warned(String consequence, String... keys) {
    for (String key : keys) {
      both(key, consequence, table::warned);
    }
  }

  private void refused(String consequence, String... keys) {
    for (String key : keys) {
      both(key, consequence, table::refused);
    }
  }

  private void both(String key, String text, BiConsumer<String, String> add) {
    add.accept(key, text);
    if (!camel(key).equals(key)) {
      add.accept(camel(key), text);
    }
  }

  private void root() {
    table.section("root");
    supported("name", "description", "steps", "params", "env", "timeout_sec", "secrets");
    mapped("type", "becomes the needs of the steps");
    mapped("max_active_steps", "becomes maxParallel");
    mapped("max_active_runs", "becomes the limit of concurrency: a run too many queues");
    mapped("queue", "becomes the key of concurrency, with max_active_runs as its limit");
    mapped("schedule", "becomes triggers");
    mapped("skip_if_successful", "becomes skipIfSucceeded of the triggers");
    mapped("overlap_policy", "becomes overlap and catchUp of the triggers");
    mapped("catchup_window", "becomes catchUp; its length is not looked at");
    mapped("handler_on", "becomes hooks");
    mapped("precondition", "becomes a check before the first step; unmet, every step is skipped");
    mapped("preconditions", "becomes a check before the first step; unmet, every step is skipped");
    mapped("delay_sec", "becomes a pause before the first step");
    mapped("retry_policy", "becomes reruns of what failed, under the same run");
    mapped("working_dir", "becomes the workdir of the steps");
    mapped("dir", "becomes the workdir of the steps");
    mapped("dotenv", "is read by each script as it begins");
    mapped("shell", "becomes the shell of the steps");
    mapped("shell_args", "are added to the shell");
    mapped("consts", "become values of the expressions that read them");
    mapped("defaults", "become keys of each step that does not have them");
    mapped("container", "becomes the image of the steps");
    mapped("ssh", "becomes arguments of the ssh program for steps of that kind");
  }

  private void rootReported() {
    noted(PAGE, "group", "tags", "labels", "log_output", "run_config", "artifacts");
    noted("what is kept and for how long is set on the server", "hist_retention_days");
    noted("what is kept and for how long is set on the server", "hist_retention_runs");
    noted("logs are kept with the run", "log_dir");
    noted("traces are set on the server", "otel");
    warned(
        "a script that is stopped has the time that is set on the server", "max_clean_up_time_sec");
    warned("an output may have 256 KiB", "max_output_size");
    warned("a restart does not wait", "restart_wait_sec");
    warned(NO_MAIL, "smtp", "mail_on", "error_mail", "info_mail");
    warned(NO_EQUAL, "s3", "redis", "kubernetes", "llm", "harness", "harnesses");
    warned("nothing limits what a script takes", "resources");
    warned("no image is fetched", "registry_auths");
    warned("no tool is installed; what scripts call must be on PATH", "tools");
    warned("a webhook is a trigger of a Fanfare file", "webhook");
    warned("any worker may do any step", "worker_selector");
    refused("steps of kinds that the file defines itself are not known", "step_types", "actions");
    refused("goals of an agent are no steps", "tasks");
  }

  private void step() {
    table.section("step");
    supported("name", "env", "command", "script", "timeout_sec", "id");
    mapped("description", "becomes the title");
    mapped("depends", "becomes needs");
    mapped("run", "is a sub-DAG in an old file, a shell command in a new one");
    mapped("call", "becomes a workflow step");
    mapped("params", "become params of the workflow step");
    mapped("action", "becomes the step of that kind");
    mapped("with", "is the input of the action");
    mapped("executor", "becomes the step of that kind");
    mapped("type", "becomes the step of that kind");
    mapped("config", "is the input of the executor");
    mapped("exec", "becomes a command line");
    mapped("parallel", "becomes forEach of a workflow step");
    mapped("foreach", "becomes forEach of a sequence");
    mapped("value", "is what the targets of the routes compare");
    mapped("routes", "become conditions of their targets");
    mapped("shell", "becomes the shell");
    mapped("shell_args", "are added to the shell");
    mapped("working_dir", "becomes workdir");
    mapped("dir", "becomes workdir");
    mapped("container", "becomes the image");
  }

  private void work() {
    mapped("output", "becomes an output and a variable of the steps after it");
    mapped("outputs", "become outputs; $DAGU_OUTPUT_FILE is the file of them");
    mapped("stdout", "is written beside the log");
    mapped("stderr", "is written beside the log");
    mapped("continue_on", "becomes onFailure and onSkip");
    mapped("retry_policy", "becomes retry");
    mapped("repeat_policy", "becomes a loop");
    mapped("precondition", "becomes when, or a check before the work");
    mapped("preconditions", "becomes when, or a check before the work");
    mapped("approval", "becomes an approval after the work");
  }

  private void stepReported() {
    noted("standard output and standard error are kept together", "log_output");
    warned("a script is asked to end with SIGTERM", "signal_on_stop");
    warned(NO_MAIL, "mail_on_error");
    warned("any worker may do any step", "worker_selector");
    warned("no package is installed; what scripts call must be on PATH", "shell_packages");
    warned("nothing checks the output", "output_schema");
    warned("files are where the script finds them", "inputs", "dependencies");
    warned("is handed to the step bean", "llm", "messages", "tools");
  }

  private void policies() {
    table.section("continue_on");
    mapped("failure", "becomes onFailure: tolerate");
    mapped("skipped", "becomes onSkip: satisfy");
    mapped("exit_code", "becomes a condition of onFailure");
    mapped("output", "becomes a condition of onFailure");
    mapped("mark_success", "becomes status: succeeded of onFailure");
    table.section("retry_policy");
    mapped("limit", "becomes attempts, which count the first one too");
    mapped("interval_sec", "becomes delay");
    mapped("backoff", "becomes the factor of an exponential delay");
    mapped("max_interval_sec", "becomes maxDelay");
    mapped("exit_code", "becomes on");
    mapped("exit_codes", "becomes on");
    table.section("run_retry_policy");
    mapped("limit", "becomes the number of reruns");
    mapped("interval_sec", "becomes the delay, a minute unless written");
    mapped("backoff", "becomes the factor of an exponential delay");
    mapped("max_interval_sec", "becomes the longest delay, an hour unless written");
    table.section("repeat_policy");
    mapped("repeat", "becomes until of a loop");
    mapped("condition", "becomes until of a loop");
    mapped("expected", "becomes until of a loop");
    mapped("exit_code", "becomes until of a loop");
    mapped("limit", "becomes until of a loop: so many executions");
    mapped("interval_sec", "becomes delay of the loop");
    mapped("backoff", "becomes the factor of an exponential delay");
    mapped("max_interval_sec", "becomes the longest delay");
    table.section("precondition");
    mapped("condition", "becomes a condition or a command");
    mapped("eval", "becomes a command");
    mapped("expected", "becomes a comparison");
    mapped("negate", "turns the condition round");
  }

  private void fans() {
    table.section("parallel");
    mapped("items", "becomes forEach");
    mapped("max_concurrent", "becomes maxParallel, 10 unless written");
    table.section("foreach");
    mapped("items", "becomes forEach");
    supported("as", "key", "steps");
    mapped("max_concurrent", "becomes maxParallel, 10 unless written");
    mapped("collect", "becomes collect");
    table.section("approval");
    mapped("prompt", "becomes the message");
    mapped("input", "becomes a form; its fields are variables of the steps after it");
    mapped("required", "becomes required fields of the form");
    warned("who sends a step back denies it; rerun from the step", "rewind_to");
    table.section("exec");
    mapped("command", "becomes the first word of the command line");
    mapped("args", "become words of the command line");
    table.section("executor");
    mapped("type", "becomes the step of that kind");
    mapped("config", "is the input of the executor");
    table.section("container");
    mapped("image", "becomes image");
    mapped("env", "becomes env");
    mapped("working_dir", "becomes workdir");
    warned(
        "Fanfare starts no container",
        "exec",
        "name",
        "pull_policy",
        "volumes",
        "user",
        "platform",
        "ports",
        "network",
        "startup",
        "command",
        "wait_for",
        "log_pattern",
        "restart_policy",
        "keep_container",
        "healthcheck",
        "shell");
  }

  private void actions() {
    table.section("dag");
    mapped("dag", "becomes the workflow");
    mapped("params", "become params of the workflow step");
    warned("the called workflow has its own queue", "queue");
    table.section("http");
    supported("method", "url", "headers", "query", "body");
    mapped("timeout", "becomes the timeout of an attempt");
    noted("the body is the output, parsed where it is JSON", "silent", "json", "format");
    noted("every request is logged", "debug");
    refused("only a body can be sent", "form", "files");
    refused("certificates are checked", "skip_tls_verify");
    refused("the body is the output", "output");
    table.section("jq");
    mapped("filter", "is given to the jq program");
    mapped("data", "is given to the jq program");
    mapped("input", "is given to the jq program");
    mapped("raw", "becomes the option -r");
    table.section("ssh");
    for (String key : new String[] {"user", "host", "ip", "port", "key"}) {
      mapped(key, "becomes an argument of the ssh program");
    }
    mapped("command", "is run on the other machine");
    mapped("strict_host_key", "becomes an option of the ssh program");
    mapped("known_host_file", "becomes an option of the ssh program");
    mapped("shell", "runs the command on the other machine");
    refused("the ssh program asks for none; use a key", "password");
    table.section("docker");
    for (String key :
        new String[] {
          "image",
          "container_name",
          "platform",
          "pull",
          "auto_remove",
          "working_dir",
          "volumes",
          "network"
        }) {
      mapped(key, "becomes an argument of the docker program");
    }
    mapped("command", "is run in the container");
    mapped("container", "its env becomes arguments of the docker program");
    refused("the docker program takes no such settings", "host", "exec");
    table.section("human");
    mapped("prompt", "becomes the message");
    mapped("form", "becomes the schema");
    table.section("router");
    mapped("value", "is what the targets of the routes compare");
    mapped("routes", "become conditions of their targets");
    table.section("wait");
    mapped("duration", "becomes sleep");
    for (String key :
        new String[] {
          "until", "path", "state", "url", "method", "status", "headers", "body", "poll_interval"
        }) {
      mapped(key, "becomes a loop that looks");
    }
    warned("a request has the time that is set on the server", "request_timeout");
    table.section("log");
    mapped("message", "is written to the log");
    table.section("write_outputs");
    mapped("values", "becomes the output of a pass step");
    table.section("run_with");
    mapped("shell", "becomes the shell");
    mapped("shell_args", "are added to the shell");
    warned("no package is installed; what scripts call must be on PATH", "shell_packages");
  }

  private void around() {
    table.section("handler_on");
    mapped("init", "becomes hooks.before");
    mapped("success", "becomes hooks.onSuccess");
    mapped("failure", "becomes hooks.onFailure");
    mapped("cancel", "becomes hooks.onCancel");
    mapped("abort", "becomes hooks.onCancel");
    mapped("exit", "becomes hooks.always");
    mapped("wait", "becomes a step beside each one that waits for a person");
    table.section("schedule");
    mapped("start", "becomes a trigger");
    mapped("restart", "becomes a trigger that cancels the older run");
    warned("nothing stops a run at a time of day; give it a timeout", "stop");
    table.section("schedule_entry");
    mapped("kind", "says which of the other keys counts");
    mapped("expression", "becomes the cron of a trigger");
    refused("a trigger comes again and again, not once", "at");
    warned("the trigger counts for every profile", "profile");
    table.section("param");
    supported("name", "default", "description", "type", "required");
    mapped("eval", "is evaluated before the first step");
    warned(
        "the value is not checked",
        "enum",
        "minimum",
        "maximum",
        "min_length",
        "max_length",
        "pattern");
    table.section("secret");
    mapped("name", "becomes an environment variable with the value of the secret");
    mapped("key", "is the name of the secret, where it can be one");
    noted("where secrets come from is set on the server", "provider", "ref", "options");
    table.section("output");
    mapped("name", "is the name of the output");
    mapped("type", "json is parsed");
    mapped("path", "the file is the output");
    table.section("defaults");
    for (String key :
        new String[] {
          "retry_policy", "continue_on", "repeat_policy", "timeout_sec", "env", "preconditions"
        }) {
      mapped(key, "becomes the key of each step that does not have it");
    }
    warned(NO_MAIL, "mail_on_error");
    warned("a script is asked to end with SIGTERM", "signal_on_stop");
    table.section("named_steps").mapped(KeyTable.ANY, "is the name of the step");
  }
}
