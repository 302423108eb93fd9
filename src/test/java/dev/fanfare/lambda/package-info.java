/**
 * Fanfare deployed: the zips, in separate processes, reached as on AWS.
 *
 * <p>{@link dev.fanfare.lambda.LambdaSuite} says what must happen; a {@link
 * dev.fanfare.lambda.LambdaStage} is something that behaves as AWS does, to which Fanfare is
 * deployed. Each layer is a stage and a class that runs the suite on it. Tests look at runs through
 * the database and touch them only by ways that users have.
 */
@NullMarked
package dev.fanfare.lambda;

import org.jspecify.annotations.NullMarked;
