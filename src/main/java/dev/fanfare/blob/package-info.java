/**
 * Blobs: bytes under a key that are written once, read in parts, and expire by themselves.
 *
 * <p>What is too large for a row of the database, or would need a disk that lasts: the layers of
 * workspaces, the greater part of long logs, and large outputs. {@link dev.fanfare.blob.Blobs} is
 * the port; {@link dev.fanfare.blob.FolderBlobs} keeps them in a folder, {@code blob.s3} in S3.
 * Both pass {@code BlobsContract}.
 *
 * <p>Keys begin with what they hold, so that one lifecycle rule for each can expire it:
 *
 * <ul>
 *   <li>{@code layers/RUN/lists/LAYER}, {@code layers/RUN/files/LAYER/WRITER/N}, {@code
 *       layers/RUN/usage/...}: see {@code work.files.BlobLayers}
 *   <li>{@code logs/RUN/STEP-ATTEMPT/CHUNK}: see {@code function.LogBook}
 *   <li>{@code outputs/RUN/SHA-256}: see {@code conductor.Values}
 * </ul>
 *
 * <p>Invariants: a blob is whole or not there, and never changes; a put under a key that is taken
 * changes nothing and says so; nothing is deleted here, a lifecycle rule does that; whoever reads
 * has to expect that what was there is gone.
 *
 * <p>Failure handling: what may pass is tried again, a download from where it broke; what does not
 * pass is an {@link java.io.IOException} whose message names the bucket or folder.
 *
 * <p>May see: {@code java}; {@code blob.s3} {@code aws} and the AWS SDK.
 */
@NullMarked
package dev.fanfare.blob;

import org.jspecify.annotations.NullMarked;
