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

  /** When a hook is called. In this order, and only one of those in the middle. */
  public enum Moment {
    BEFORE("before"),
    ON_SUCCESS("onSuccess"),
    ON_FAILURE("onFailure"),
    ON_CANCEL("onCancel"),
    ALWAYS("always");

    private final String id;

    Moment(String id) {
      this.id = id;
    }

    /** The name in files, paths and events. */
    public String id() {
      return id;
    }
  }

  public boolean isEmpty() {
    return equals(NONE);
  }

  public Optional<Step> at(Moment moment) {
    return switch (moment) {
      case BEFORE -> before;
      case ON_SUCCESS -> onSuccess;
      case ON_FAILURE -> onFailure;
      case ON_CANCEL -> onCancel;
      case ALWAYS -> always;
    };
  }
}
