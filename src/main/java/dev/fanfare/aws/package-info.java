/**
 * How clients of AWS's services are made: where the services are and how long they may be silent.
 *
 * <p>Each room that calls a service makes its own client, when it is first needed, and says how
 * often a call is tried; what they have in common is here, so that an emulator is reached in the
 * same way by all of them. Region and credentials are found as every AWS tool finds them.
 *
 * <p>Failure handling: an endpoint that is no URL fails the call that needs it, not the start.
 *
 * <p>May see: the AWS SDK.
 */
@NullMarked
package dev.fanfare.aws;

import org.jspecify.annotations.NullMarked;
