package dev.fanfare.function;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.Outcome;
import dev.fanfare.secret.Masker;
import dev.fanfare.secret.Placeholders;
import dev.fanfare.secret.SecretException;
import dev.fanfare.secret.Vault;
import dev.fanfare.work.Covered;
import dev.fanfare.work.Input;
import io.smallrye.mutiny.Uni;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

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
        .map(outcome -> Covered.of(outcome, masker));
  }

  private static Outcome failed(SecretException failure) {
    return Outcome.Failed.of(
        ErrorInfo.of(failure.code(), String.valueOf(failure.getMessage()))
            .with("secret", failure.name()));
  }
}
