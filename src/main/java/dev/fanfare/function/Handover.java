package dev.fanfare.function;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.Outcome;
import dev.fanfare.secret.Masker;
import dev.fanfare.secret.Placeholders;
import dev.fanfare.secret.SecretException;
import dev.fanfare.secret.Vault;
import dev.fanfare.work.Input;
import io.smallrye.mutiny.Uni;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Hands secrets to the work of a step, at the last moment, and covers them in all that comes back.
 *
 * <p>Covered are the values of every secret that the workflow declares, not only of those that the
 * step was given: an earlier step may have left one in a file.
 */
final class Handover {

  private final Vault vault;

  Handover(Vault vault) {
    this.vault = vault;
  }

  /**
   * Does work with its secrets. Never fails: a secret that cannot be had is a failure of the step.
   *
   * @param work is given its input, and what covers the secrets in its log
   */
  Uni<Outcome> work(
      Placeholders secrets, Input input, BiFunction<Input, Masker, Uni<Outcome>> work) {
    if (secrets == Placeholders.NONE) {
      return work.apply(input, Masker.NONE);
    }
    return vault
        .values(needed(secrets, input))
        .chain(
            values ->
                vault
                    .masker(secrets.names())
                    .chain(masker -> covered(filled(secrets, input, values), masker, work)))
        .onFailure(SecretException.class)
        .recoverWithItem(Handover::failed);
  }

  private static Set<String> needed(Placeholders secrets, Input input) {
    Set<String> needed = new LinkedHashSet<>();
    input.withTexts(
        text -> {
          needed.addAll(secrets.in(text));
          return text;
        });
    return needed;
  }

  private static Input filled(Placeholders secrets, Input input, Map<String, String> values) {
    return values.isEmpty() ? input : input.withTexts(text -> secrets.filled(text, values));
  }

  private static Uni<Outcome> covered(
      Input input, Masker masker, BiFunction<Input, Masker, Uni<Outcome>> work) {
    return Uni.createFrom()
        .deferred(() -> work.apply(input, masker))
        .onFailure()
        .recoverWithItem(
            failure ->
                Outcome.Failed.of(ErrorInfo.of("exception", String.valueOf(failure.getMessage()))))
        .map(outcome -> covered(outcome, masker));
  }

  private static Outcome failed(SecretException failure) {
    return Outcome.Failed.of(
        ErrorInfo.of(failure.code(), String.valueOf(failure.getMessage()))
            .with("secret", failure.name()));
  }

  /** An outcome as it may be stored. */
  static Outcome covered(Outcome outcome, Masker masker) {
    return switch (outcome) {
      case Outcome.Succeeded success ->
          new Outcome.Succeeded(masker.maskAll(success.output()), success.exitCode());
      case Outcome.Failed failed ->
          new Outcome.Failed(covered(failed.error(), masker), masker.maskAll(failed.output()));
      case Outcome.TimedOut late -> new Outcome.TimedOut(covered(late.error(), masker));
      case Outcome.Skipped skipped -> new Outcome.Skipped(masker.mask(skipped.reason()));
      case Outcome.Stopped stopped -> new Outcome.Stopped(masker.mask(stopped.reason()));
      case Outcome.Child child -> child;
    };
  }

  private static ErrorInfo covered(ErrorInfo error, Masker masker) {
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
