package dev.fanfare.work;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.Outcome;
import dev.fanfare.secret.Masker;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Covers secrets in what work brings. */
public final class Covered {

  private Covered() {}

  /** An outcome as it may be stored. */
  public static Outcome of(Outcome outcome, Masker masker) {
    return switch (outcome) {
      case Outcome.Succeeded success ->
          new Outcome.Succeeded(masker.maskAll(success.output()), success.exitCode());
      case Outcome.Failed failed ->
          new Outcome.Failed(error(failed.error(), masker), masker.maskAll(failed.output()));
      case Outcome.TimedOut late -> new Outcome.TimedOut(error(late.error(), masker));
      case Outcome.Skipped skipped -> new Outcome.Skipped(masker.mask(skipped.reason()));
      case Outcome.Stopped stopped -> new Outcome.Stopped(masker.mask(stopped.reason()));
      case Outcome.Child child -> child;
    };
  }

  private static ErrorInfo error(ErrorInfo error, Masker masker) {
    ErrorInfo covered = ErrorInfo.of(error.code(), masker.mask(error.message()));
    for (Map.Entry<String, Object> detail : error.details().entrySet()) {
      covered = covered.with(detail.getKey(), detail(detail.getValue(), masker));
    }
    return covered;
  }

  /** Numbers of an error are Fanfare's own: an exit code, a status, a limit. */
  private static Object detail(Object value, Masker masker) {
    @Nullable Object covered = value instanceof Number ? value : masker.maskAll(value);
    return covered == null ? "" : covered;
  }
}
