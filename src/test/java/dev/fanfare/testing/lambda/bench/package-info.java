/**
 * {@code scripts/fanfare bench lambda}: what the deployed zips cost, in real processes under AWS's
 * runtime client.
 *
 * <p>Part of the test code, since {@link dev.fanfare.testing.lambda.LambdaHost} is. What AWS bills
 * is counted, not modelled: invocations, and milliseconds of each, by the host that makes them.
 * Only the prices are AWS's list.
 */
@NullMarked
package dev.fanfare.testing.lambda.bench;

import org.jspecify.annotations.NullMarked;
