/**
 * Lambda functions as work.
 *
 * <p>{@link dev.fanfare.work.lambda.LambdaService} is the way to the service: made when it is first
 * needed, region and credentials as the AWS SDK finds them, another endpoint where the
 * configuration names one. {@link dev.fanfare.work.lambda.LambdaWork} calls a function and waits,
 * or leaves it to the service.
 *
 * <p>Invariants: one call of a function for one attempt; the SDK's own retries are off, so that a
 * step's {@code retry} is the only one. A payload above the service's limit is refused before it is
 * sent. Waiting costs a virtual thread; whoever cancels interrupts it, and the function goes on
 * alone, since nothing stops a function from outside.
 *
 * <p>Failure handling: each way to fail has a code: {@code lambda_failed} (the function), {@code
 * lambda_throttled}, {@code lambda_not_found}, {@code lambda_denied}, {@code
 * lambda_payload_too_large}, {@code lambda_rejected} (any other 4xx) and {@code lambda_unavailable}
 * (the service, the way to it, or no credentials). {@code status} in the error is the service's.
 *
 * <p>May see: {@code work}, {@code work.log}, {@code aws}, {@code secret}, {@code definition},
 * {@code json}, {@code java}, Mutiny, the AWS SDK.
 */
@NullMarked
package dev.fanfare.work.lambda;

import org.jspecify.annotations.NullMarked;
