package dev.fanfare.definition;

import java.time.Duration;
import java.util.Optional;

/** What starts a run without anybody calling. */
public sealed interface Trigger {

  SourceSpan span();

  /** A cron schedule (five fields) in a time zone. */
  record Schedule(
      String cron,
      String timezone,
      Overlap overlap,
      CatchUp catchUp,
      boolean skipIfSucceeded,
      SourceSpan span)
      implements Trigger {}

  /** What a tick does while the run of an earlier tick is still active. */
  enum Overlap {
    SKIP,
    ALLOW,
    CANCEL_OLDER
  }

  /** What happens to ticks that nobody was there for. */
  enum CatchUp {
    NONE,
    ONE,
    ALL
  }

  /** An HTTP call from elsewhere, signed with a secret. */
  record Webhook(String path, Optional<String> secret, Optional<Template> when, SourceSpan span)
      implements Trigger {}

  /** A fixed distance between starts. */
  record Interval(Duration every, SourceSpan span) implements Trigger {}

  /** A named event that somebody publishes. */
  record OnEvent(String name, Optional<Template> when, SourceSpan span) implements Trigger {}
}
