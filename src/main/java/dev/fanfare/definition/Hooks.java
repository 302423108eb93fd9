package dev.fanfare.definition;

import java.util.Optional;

/** Steps around a step or a run: {@code before}, then the one for its end, then {@code always}. */
public record Hooks(
    Optional<Step> before,
    Optional<Step> onSuccess,
    Optional<Step> onFailure,
    Optional<Step> onCancel,
    Optional<Step> always) {

  public static final Hooks NONE =
      new Hooks(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  public boolean isEmpty() {
    return equals(NONE);
  }
}
