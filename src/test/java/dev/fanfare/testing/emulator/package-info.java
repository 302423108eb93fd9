/**
 * The second of two local AWS: the same processes of the same functions behind an emulator that
 * others have written, so that what we believe of AWS is not tested against our own belief alone.
 *
 * <p>{@link dev.fanfare.testing.emulator.Emulator} starts MiniStack as a child process and runs its
 * invocations on a {@link dev.fanfare.testing.lambda.LambdaHost}. Functions, versions, aliases, the
 * asynchronous queue with its retries and destinations, SQS, event sources, schedules, function
 * URLs, S3 and permissions are MiniStack's; {@code src/test/emulator/launch.py} says what is
 * changed in it. {@code dev.fanfare.lambda} deploys into it: by {@code scripts/deploy} where
 * Terraform can be had, else with calls of an AWS SDK.
 *
 * <p>{@code scripts/test} installs MiniStack; where it could not, the tests are left out and say
 * why. What was tried beside it: ADR 0011.
 */
@NullMarked
package dev.fanfare.testing.emulator;

import org.jspecify.annotations.NullMarked;
