package dev.fanfare.dialect.circleci;

import dev.fanfare.definition.SourceSpan;
import dev.fanfare.dialect.Problems;
import java.util.List;
import java.util.Optional;

/** Who may run: a job for a branch or a tag. */
sealed interface Filter {

  /** No filter: every branch, and no tag. */
  static Filter none() {
    return new Patterns(Optional.empty(), Optional.empty());
  }

  /** What an expression decided. */
  record Decided(boolean runs, String source) implements Filter {}

  record Patterns(Optional<Choice> branches, Optional<Choice> tags) implements Filter {}

  /**
   * Patterns of one kind. Where some are wanted, those not wanted are not looked at.
   *
   * @param only empty where the key is not there
   */
  record Choice(Optional<List<Pattern>> only, Optional<List<Pattern>> ignore) {
    boolean admits(String name, Problems problems) {
      if (only.isPresent()) {
        return any(only.get(), name, problems);
      }
      return !any(ignore.orElse(List.of()), name, problems);
    }

    private static boolean any(List<Pattern> patterns, String name, Problems problems) {
      return patterns.stream().anyMatch(pattern -> pattern.matches(name, problems));
    }
  }

  /** A name, or between slashes a regular expression that must match all of a name. */
  record Pattern(String text, SourceSpan span) {
    boolean matches(String name, Problems problems) {
      if (text.length() < 2 || !text.startsWith("/") || !text.endsWith("/")) {
        return text.equals(name);
      }
      try {
        return FullMatch.matches(text.substring(1, text.length() - 1), name);
      } catch (ExpressionFault fault) {
        problems.error("bad-pattern", fault.complaint(), span, "");
        return false;
      }
    }
  }

  /** Why a job does not run; empty where it does. */
  default Optional<String> objection(PipelineValues pipeline, Problems problems) {
    return switch (this) {
      case Decided decided ->
          decided.runs() ? Optional.empty() : Optional.of("its filter is false");
      case Patterns patterns when pipeline.tag().isPresent() ->
          tag(patterns, pipeline.tag().get(), problems);
      case Patterns patterns -> branch(patterns, pipeline.branch(), problems);
    };
  }

  private static Optional<String> tag(Patterns patterns, String tag, Problems problems) {
    if (patterns.tags().isEmpty() || isEmpty(patterns.tags().get())) {
      return Optional.of("jobs without a filter of tags do not run for a tag");
    }
    return patterns.tags().get().admits(tag, problems)
        ? Optional.empty()
        : Optional.of("the tag '" + tag + "' is not one of its tags");
  }

  private static boolean isEmpty(Choice choice) {
    return choice.only().isEmpty() && choice.ignore().isEmpty();
  }

  private static Optional<String> branch(
      Patterns patterns, Optional<String> branch, Problems problems) {
    boolean admitted =
        patterns.branches().map(choice -> choice.admits(branch.orElse(""), problems)).orElse(true);
    if (admitted) {
      return Optional.empty();
    }
    return Optional.of(
        branch
            .map(name -> "the branch '" + name + "' is not one of its branches")
            .orElse("it is for some branches only, and no branch is known"));
  }
}
