/**
 * Blobs in a bucket of S3: the one place that knows its SDK.
 *
 * <p>Every put is conditional ({@code If-None-Match: *}), so that a key is written once, whoever
 * writes. One request carries up to 5 GB, more than a whole workspace may have, so there are no
 * uploads in parts. The SDK adds a CRC32 to what is sent and S3 refuses what does not match.
 *
 * <p>What the functions need (nothing else is ever called, a test holds the list to it):
 *
 * <ul>
 *   <li>step: {@code s3:PutObject} and {@code s3:GetObject} on {@code BUCKET/layers/*}, {@code
 *       BUCKET/logs/*}, {@code BUCKET/outputs/*}; {@code s3:ListBucket} on the bucket with the
 *       condition {@code s3:prefix} like {@code layers/*}, {@code logs/*}, {@code outputs/*}
 *   <li>dispatcher: {@code s3:GetObject} and {@code s3:PutObject} on {@code BUCKET/outputs/*}, and
 *       {@code s3:ListBucket} for that prefix: it decides with large outputs, and stores those of
 *       child runs
 *   <li>trigger: {@code s3:GetObject} on {@code BUCKET/logs/*} and {@code BUCKET/outputs/*}, {@code
 *       s3:PutObject} on {@code BUCKET/outputs/*}, and {@code s3:ListBucket} for these prefixes: it
 *       shows both, and decides when somebody approves or calls back
 * </ul>
 *
 * <p>{@code s3:ListBucket} is needed also where nothing is listed: without it S3 says that access
 * is denied where there is no such object, and what has expired could not be told from what is
 * forbidden. A bucket with a KMS key of its own takes {@code kms:Decrypt} and {@code
 * kms:GenerateDataKey} as well.
 *
 * <p>May see: {@code blob}, {@code aws}, the AWS SDK, {@code java}.
 */
@NullMarked
package dev.fanfare.blob.s3;

import org.jspecify.annotations.NullMarked;
