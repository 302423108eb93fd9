package dev.fanfare.definition;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a step contains instead of work. */
public sealed interface Structure extends Body {

  /** Children that start together. */
  record Parallel(
      List<Step> steps, Optional<Template> maxParallel, Optional<Duration> timeout, Success success)
      implements Structure {
    public Parallel {
      steps = List.copyOf(steps);
    }
  }

  /** Which children decide whether a parallel group succeeded. */
  sealed interface Success {
    /** Every child. */
    record All() implements Success {}

    /** Only the named ones. */
    record Only(List<String> steps, SourceSpan span) implements Success {
      public Only {
        steps = List.copyOf(steps);
      }
    }

    /** All but the named ones. */
    record Ignore(List<String> steps, SourceSpan span) implements Success {
      public Ignore {
        steps = List.copyOf(steps);
      }
    }

    /** An expression over the children, evaluated when all have ended. */
    record When(Template condition) implements Success {}
  }

  /** Children one after another. */
  record Sequence(List<Step> steps) implements Structure {
    public Sequence {
      steps = List.copyOf(steps);
    }
  }

  /**
   * Branches that compete.
   *
   * @param quorum branches that must win; 1 but for {@code win: {quorum: n}}
   * @param timeoutOutput what the race yields when its timeout decides; absent means it fails
   */
  record Race(
      List<Step> steps,
      Win win,
      int quorum,
      Losers losers,
      Optional<Duration> timeout,
      Optional<Template> timeoutOutput)
      implements Structure {
    public Race {
      steps = List.copyOf(steps);
    }

    /** What makes a branch win. */
    public enum Win {
      /** The first to succeed. */
      SUCCESS,
      /** The first to finish either way. */
      SETTLED,
      /** The first n to succeed. */
      QUORUM
    }

    /** What becomes of the branches that did not win. */
    public enum Losers {
      CANCEL,
      FINISH,
      AWAIT
    }
  }

  /**
   * Steps repeated while a condition holds, or until it does.
   *
   * @param delay the pause between two turns
   * @param factor growth of an exponential pause, exponent of a power
   * @param maxDelay the pause never passes this; absent: an hour, or {@code delay} where that is
   *     longer
   */
  record Loop(
      List<Step> steps,
      Optional<Template> doWhile,
      Optional<Template> until,
      int limit,
      Optional<Duration> delay,
      Retry.Backoff backoff,
      double factor,
      Optional<Duration> maxDelay,
      SourceSpan span)
      implements Structure {
    public Loop {
      steps = List.copyOf(steps);
    }
  }

  /** Cases of which the first that matches, or each that matches, runs. */
  record Switch(List<Case> cases, boolean all, SourceSpan span) implements Structure {
    public Switch {
      cases = List.copyOf(cases);
    }

    /** Steps and the condition for them; the case without one is {@code else}. */
    public record Case(Optional<Template> when, List<Step> steps, SourceSpan span) {
      public Case {
        steps = List.copyOf(steps);
      }
    }
  }
}
