/**
 * Secrets: where their values come from, how they travel to a step, and how they are kept out of
 * everything that is stored or shown.
 *
 * <p>A {@link dev.fanfare.secret.SecretStore} knows values by names: the environment, a file or a
 * folder, AWS (in {@code secret.aws}), one behind the other and remembered for a few minutes. An
 * expression sees {@link dev.fanfare.secret.Placeholders}; the {@link dev.fanfare.secret.Vault}
 * gives the values that take their place when the work begins, and remembers them; a {@link
 * dev.fanfare.secret.Masker} covers them in what comes back.
 *
 * <p>Invariants: no exception, message, log line or {@code toString} of this package holds a value;
 * values are in memory only. What a masker has covered holds no value in any of the forms that it
 * knows, and covering never makes a text longer.
 *
 * <p>Failure: a secret that nobody has is an empty answer; a place that cannot be asked is a {@link
 * dev.fanfare.secret.SecretUnavailableException}, which may pass.
 *
 * <p>May see: {@code java}, Mutiny, {@code json}; {@code secret.aws} {@code aws} and the AWS SDK.
 */
@NullMarked
package dev.fanfare.secret;

import org.jspecify.annotations.NullMarked;
