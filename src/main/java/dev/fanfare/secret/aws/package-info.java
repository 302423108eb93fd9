/**
 * Secrets in AWS: Secrets Manager and the Parameter Store of Systems Manager.
 *
 * <p>A client is made with the first lookup, since making one costs more than a lookup. Throttling
 * and failures of the service are tried again by the SDK, three times within ten seconds at most;
 * what is left is a {@link dev.fanfare.secret.SecretUnavailableException}. Region and credentials
 * are found as every AWS tool finds them.
 *
 * <p>May see: {@code secret}, {@code json}, {@code aws}, Mutiny, the AWS SDK.
 */
@NullMarked
package dev.fanfare.secret.aws;

import org.jspecify.annotations.NullMarked;
