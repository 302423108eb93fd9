package dev.fanfare.blob.s3;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** The bytes of an answer; where the connection breaks, the rest of another one. */
final class Download extends InputStream {

  private static final int BREAKS = 5;

  private final S3Blobs blobs;
  private final String key;
  private long at;
  private final long end;
  private int breaks;
  private @Nullable ResponseInputStream<GetObjectResponse> open;

  /**
   * @param from first byte of {@code first} in the object
   */
  Download(S3Blobs blobs, String key, long from, ResponseInputStream<GetObjectResponse> first) {
    this.blobs = blobs;
    this.key = key;
    this.at = from;
    this.end = from + first.response().contentLength();
    this.open = first;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    int count = read(one, 0, 1);
    return count < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (at < end) {
      try {
        int count = opened().read(into, offset, (int) Math.min(length, end - at));
        if (count > 0) {
          at += count;
          return count;
        }
        again(new IOException("the answer ended too early"));
      } catch (InterruptedIOException e) {
        if (Thread.currentThread().isInterrupted()) {
          throw e;
        }
        again(e);
      } catch (IOException | SdkException e) {
        again(e);
      }
    }
    return -1;
  }

  private ResponseInputStream<GetObjectResponse> opened() throws IOException {
    if (open == null) {
      Optional<ResponseInputStream<GetObjectResponse>> next = blobs.open(key, at, end - at);
      open = next.orElseThrow(() -> new IOException(blobs + ": " + key + " is gone"));
    }
    return open;
  }

  private void again(Exception failure) throws IOException {
    abort();
    breaks++;
    if (breaks > BREAKS) {
      throw new IOException(
          "%s: get %s: the connection broke %d times: %s"
              .formatted(blobs, key, breaks, failure.getMessage()),
          failure);
    }
  }

  private void abort() {
    ResponseInputStream<GetObjectResponse> left = open;
    open = null;
    if (left != null) {
      left.abort();
    }
  }

  @Override
  public void close() throws IOException {
    if (at < end) {
      abort();
    } else if (open != null) {
      open.close();
      open = null;
    }
  }
}
