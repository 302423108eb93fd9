package dev.fanfare.dialect.codefresh;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Codefresh's own variables, as far as a run knows them: CEL for a value, null where it has none.
 */
final class BuiltIns {

  /** Variables that every script has. */
  static final List<String> ALWAYS =
      List.of("CF_BUILD_ID", "CF_PIPELINE_NAME", "CF_BUILD_TIMESTAMP");

  /** Variables that the worker of a script or a step's retry gives; they are left in the text. */
  static final Set<String> OF_THE_SCRIPT =
      Set.of("CF_VOLUME_PATH", "CF_CURRENT_ATTEMPT", "CF_MAX_ATTEMPTS");

  private static final String BRANCH =
      "params[?\"CF_BRANCH\"].orValue(run.?branch.orValue(run.?tag.orValue(null)))";
  private static final String REVISION =
      "params[?\"CF_REVISION\"].orValue(run.?revision.orValue(event.?after"
          + ".orValue(event.?pull_request.?head.?sha.orValue(null))))";
  private static final String MESSAGE = "event.?head_commit.?message.orValue(null)";
  private static final String REQUEST = "event.?pull_request";

  private static final Map<String, String> KNOWN = known();

  private BuiltIns() {}

  private static Map<String, String> known() {
    Map<String, String> known = new LinkedHashMap<>();
    known.put("CF_BUILD_ID", "run.id");
    known.put("CF_PIPELINE_NAME", "workflow.name");
    known.put("CF_BUILD_TIMESTAMP", "string(int(timestamp(run.startedAt)) * 1000)");
    known.put("CF_BRANCH", BRANCH);
    known.put("CF_BASE_BRANCH", REQUEST + ".?base.?ref.orValue(" + BRANCH + ")");
    known.put("CF_BRANCH_TAG_NORMALIZED", normalised(""));
    known.put("CF_BRANCH_TAG_NORMALIZED_LOWER_CASE", normalised(".lowerAscii()"));
    known.put("CF_REVISION", REVISION);
    known.put(
        "CF_SHORT_REVISION",
        "cel.bind(r, " + REVISION + ", r == null ? null : r.substring(0, math.least(7, size(r))))");
    known.put("CF_COMMIT_MESSAGE", MESSAGE);
    known.put("CF_COMMIT_MESSAGE_ESCAPED", MESSAGE);
    known.put("CF_COMMIT_AUTHOR", "event.?head_commit.?author.?username.orValue(null)");
    known.put("CF_COMMIT_URL", "event.?head_commit.?url.orValue(null)");
    known.put("CF_REPO_NAME", "event.?repository.?name.orValue(null)");
    known.put(
        "CF_REPO_OWNER",
        "event.?repository.?owner.?login.orValue(event.?repository.?owner.?name.orValue(null))");
    known.put("CF_REPO_CLONE_URL", "event.?repository.?clone_url.orValue(null)");
    known.put("CF_BUILD_INITIATOR", "event.?sender.?login.orValue(null)");
    known.put("CF_PULL_REQUEST_NUMBER", REQUEST + ".?number.orValue(null)");
    known.put("CF_PULL_REQUEST_ID", REQUEST + ".?id.orValue(null)");
    known.put("CF_PULL_REQUEST_TARGET", REQUEST + ".?base.?ref.orValue(null)");
    known.put(
        "CF_PULL_REQUEST_ACTION", "has(event.pull_request) ? event.?action.orValue(null) : null");
    known.put("CF_PULL_REQUEST_IS_FORK", REQUEST + ".?head.?repo.?fork.orValue(null)");
    known.put("CF_RELEASE_TAG", "event.?release.?tag_name.orValue(null)");
    known.put("CF_RELEASE_NAME", "event.?release.?name.orValue(null)");
    return known;
  }

  /** The branch as the tag of an image: what a tag cannot contain becomes a dash. */
  private static String normalised(String change) {
    StringBuilder text = new StringBuilder("b");
    for (String each : List.of("/", "#", "@", "+", " ", "&", ":", "~", "=")) {
      text.append(".replace(").append(Cel.quote(each)).append(", \"-\")");
    }
    return "cel.bind(b, " + BRANCH + ", b == null ? null : " + text + change + ")";
  }

  /** The variable that another one is made of, where a run may give that one. */
  static Optional<String> source(String name) {
    return switch (name) {
      case "CF_SHORT_REVISION" -> Optional.of("CF_REVISION");
      case "CF_BRANCH_TAG_NORMALIZED", "CF_BRANCH_TAG_NORMALIZED_LOWER_CASE", "CF_BASE_BRANCH" ->
          Optional.of("CF_BRANCH");
      default -> Optional.empty();
    };
  }

  /** CEL for the value of a variable; empty where no run knows it. */
  static Optional<String> find(String name) {
    return Optional.ofNullable(KNOWN.get(name));
  }
}
