package dev.fanfare.definition;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What starts a run without anybody calling. */
public sealed interface Trigger {

  /** The names that {@code when} and {@code params} can read. */
  Set<String> NAMES = Set.of("event", "run", "workflow");

  SourceSpan span();

  /** Values of the run's parameters, computed from what triggers; the others have defaults. */
  Map<String, Template> params();

  /** A cron schedule (five fields) in a time zone. */
  record Schedule(
      String cron,
      String timezone,
      Overlap overlap,
      CatchUp catchUp,
      boolean skipIfSucceeded,
      Map<String, Template> params,
      SourceSpan span)
      implements Trigger {
    public Schedule {
      params = Ordered.copyOf(params);
    }
  }

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

  /**
   * An HTTP call from elsewhere.
   *
   * @param path the address below {@code /hooks/}
   * @param secret name of the secret it is signed with; empty: anybody may call
   * @param when whether a call starts a run
   * @param idempotencyKey of the run; empty: that of the delivery
   * @param schema JSON Schema of what it brings; another payload is refused
   */
  record Webhook(
      String path,
      Optional<String> secret,
      Optional<Template> when,
      Optional<Template> idempotencyKey,
      Optional<Object> schema,
      Map<String, Template> params,
      SourceSpan span)
      implements Trigger {
    public Webhook {
      params = Ordered.copyOf(params);
    }
  }

  /** A fixed distance between starts. */
  record Interval(Duration every, Map<String, Template> params, SourceSpan span)
      implements Trigger {
    public Interval {
      params = Ordered.copyOf(params);
    }
  }

  /** A named event that somebody publishes. */
  record OnEvent(
      String name, Optional<Template> when, Map<String, Template> params, SourceSpan span)
      implements Trigger {
    public OnEvent {
      params = Ordered.copyOf(params);
    }
  }
}
