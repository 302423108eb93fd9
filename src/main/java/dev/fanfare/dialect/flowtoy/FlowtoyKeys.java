package dev.fanfare.dialect.flowtoy;

import dev.fanfare.dialect.key.KeyTable;

/** Every key that flowtoy's documentation has. */
final class FlowtoyKeys {

  static final KeyTable TABLE =
      KeyTable.builder()
          .section("root")
          .supported("sources", "flow", "runner")
          .warned("*", "flowtoy reads 'sources', 'flow' and 'runner', and nothing else")
          .section("runner")
          .supported("on_error")
          .mapped("max_workers", "the run's maxParallel; 4 where it is not written")
          .section("sources")
          .supported("*")
          .section("source")
          .mapped(
              "type",
              "'rest' is an HTTP request, 'process' a script, 'env' secrets; any other type calls"
                  + " the Java step of that name")
          .supported("configuration")
          .section("rest")
          .supported("url", "method", "headers")
          .mapped("input_mode", "the input becomes a query parameter or the body")
          .mapped("param_name", "the name of the query parameter, 'id' unless written")
          .section("process")
          .mapped("command", "a script that runs in the folder of the file")
          .mapped(
              "pass_to",
              "the input becomes the last argument, standard input, or names of templates")
          .mapped("timeout", "the step's timeout, in seconds")
          .warned("template_strict", "a value that is not there fails the step in any case")
          .noted("log_full_command", "no command is written to the log")
          .noted("redact_args", "no command is written to the log")
          .noted("redact_patterns", "no command is written to the log")
          .section("env")
          .mapped("vars", "each variable is a secret of that name")
          .section("plugin")
          .mapped("*", "handed to the Java step, with the input")
          .section("step")
          .supported("name", "source", "output", "depends_on", "on_error")
          .mapped("input", "a value, or a mapping with the keys of 'input'")
          .section("step source")
          .supported("type", "configuration", "base", "override")
          .section("override")
          .supported("type", "configuration")
          .section("input")
          .mapped(
              "type", "'parameter' or 'body': where the value goes if the source does not say so")
          .supported("value", "template")
          .mapped("url", "instead of the one of the source")
          .mapped("method", "instead of the one of the source")
          .mapped("headers", "beside those of the source; one of the same name wins")
          .mapped("command", "instead of the one of the source")
          .mapped("stdin", "standard input of the process")
          .section("output")
          .supported("name", "type")
          .mapped("value", "the JMESPath; null where it finds nothing")
          .build();

  private FlowtoyKeys() {}
}
