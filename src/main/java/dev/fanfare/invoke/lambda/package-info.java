/**
 * Delivery to Lambda functions that carry an image's tools.
 *
 * <p>{@link dev.fanfare.invoke.lambda.ImageInvoker} looks at the image that a claimed step asks
 * for. One that the configuration names a function for goes to that function as {@code {run, step,
 * attempt}}, an asynchronous invocation; the function is Fanfare's step function built with those
 * tools, loads the step from the database and begins it. Everything else goes on as before.
 *
 * <p>Failure handling: until the function begins it, the claimed step is held by nobody, so what
 * the service loses, has no room for, or cannot be reached for, is handed out again when the lease
 * has run out. What will not pass, a function that is not there or may not be called, fails the
 * step.
 *
 * <p>May see: {@code invoke}, {@code work.lambda}, {@code definition}, {@code json}.
 */
@NullMarked
package dev.fanfare.invoke.lambda;

import org.jspecify.annotations.NullMarked;
