package dev.fanfare.dialect.codefresh;

import java.util.Map;

/** What a step's {@code type} makes of it. */
enum StepType {
  FREESTYLE,
  BUILD,
  PUSH,
  CLONE,
  APPROVAL,
  PARALLEL,
  /** Another pipeline. */
  PIPELINE,
  /** Built into Codefresh, and done by its cloud. */
  CLOUD,
  /** A type out of Codefresh's market place. */
  PLUGIN;

  private static final Map<String, StepType> KNOWN =
      Map.ofEntries(
          Map.entry("freestyle", FREESTYLE),
          Map.entry("build", BUILD),
          Map.entry("push", PUSH),
          Map.entry("push-tag", PUSH),
          Map.entry("git-clone", CLONE),
          Map.entry("pending-approval", APPROVAL),
          Map.entry("parallel", PARALLEL),
          Map.entry("codefresh-run", PIPELINE),
          Map.entry("deploy", CLOUD),
          Map.entry("composition", CLOUD),
          Map.entry("launch-composition", CLOUD),
          Map.entry("integration-test", CLOUD),
          Map.entry("travis", CLOUD),
          Map.entry("simple_travis", CLOUD),
          Map.entry("services", CLOUD),
          Map.entry("freestyle-ssh", CLOUD),
          Map.entry("github-action", CLOUD));

  /** The type of a name as it is written, {@code slack-notifier:0.0.8}. */
  static StepType of(String written) {
    return KNOWN.getOrDefault(bare(written), PLUGIN);
  }

  /** A written type without its version. */
  static String bare(String written) {
    int colon = written.indexOf(':');
    return colon < 0 ? written : written.substring(0, colon);
  }

  /** Whether keys under {@code arguments} count as keys of the step. */
  boolean takesArgumentsAsKeys() {
    return switch (this) {
      case FREESTYLE, BUILD, PUSH, CLONE, APPROVAL, PARALLEL, CLOUD -> true;
      case PIPELINE, PLUGIN -> false;
    };
  }
}
