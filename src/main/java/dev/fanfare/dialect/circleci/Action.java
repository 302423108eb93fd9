package dev.fanfare.dialect.circleci;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** One step of a job, with everything computed. */
sealed interface Action {

  /** What people see of it. */
  String title();

  /** After what it runs. */
  default When when() {
    return When.ON_SUCCESS;
  }

  /** Whether a failed step in front of it keeps it from running. */
  enum When {
    ON_SUCCESS,
    ON_FAIL,
    ALWAYS
  }

  record Run(
      String title,
      String command,
      String shell,
      Map<String, String> environment,
      String folder,
      boolean background,
      When when,
      int reruns,
      Duration rerunDelay,
      Duration silence)
      implements Action {}

  record Checkout(String title, String path) implements Action {}

  record Persist(String title, String root, List<String> paths) implements Action {}

  record Attach(String title, String at) implements Action {}

  /** Files that are kept, under {@code artifacts} or {@code test-results} of the workspace. */
  record Store(String title, String kind, String path, String destination) implements Action {
    @Override
    public When when() {
      return When.ALWAYS;
    }
  }

  record SaveCache(String title, String key, List<String> paths, When when) implements Action {}

  record RestoreCache(String title, List<String> keys) implements Action {}
}
