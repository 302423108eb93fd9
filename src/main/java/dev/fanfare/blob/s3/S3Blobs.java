package dev.fanfare.blob.s3;

import dev.fanfare.aws.AwsEndpoint;
import dev.fanfare.blob.Blobs;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Blobs in a bucket. The client is made when it is first needed. */
public final class S3Blobs implements Blobs {

  private static final int ATTEMPTS = 6;
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration SILENCE = Duration.ofSeconds(30);
  private static final String TYPE = "application/octet-stream";
  private static final int TAKEN = 412;
  private static final int AT_THE_SAME_TIME = 409;
  private static final int BEHIND_THE_END = 416;

  private final String bucket;
  private final Optional<URI> endpoint;
  private @Nullable S3Client client;

  /**
   * @param endpoint where the service is, if not where the region has it: an emulator
   */
  public S3Blobs(String bucket, Optional<URI> endpoint) {
    this.bucket = bucket;
    this.endpoint = endpoint;
  }

  @Override
  public boolean put(String key, long length, Source source) throws IOException {
    PutObjectRequest request =
        PutObjectRequest.builder()
            .bucket(bucket)
            .key(key)
            .ifNoneMatch("*")
            .contentLength(length)
            .build();
    RequestBody body = RequestBody.fromContentProvider(() -> opened(source), length, TYPE);
    for (int attempt = 1; ; attempt++) {
      try {
        client().putObject(request, body);
        return true;
      } catch (S3Exception e) {
        if (e.statusCode() == TAKEN) {
          return false;
        }
        // Somebody puts the same key at this moment: the next answer says who it was.
        if (e.statusCode() != AT_THE_SAME_TIME || attempt == ATTEMPTS) {
          throw failure("put " + key, e);
        }
      } catch (UncheckedIOException e) {
        throw e.getCause();
      } catch (SdkException e) {
        throw failure("put " + key, e);
      } catch (IllegalStateException e) {
        // What the SDK says of a source that is not as long as it was to be.
        throw new IOException("the blob " + key + ": " + e.getMessage(), e);
      }
    }
  }

  private static InputStream opened(Source source) {
    try {
      return source.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Optional<InputStream> read(String key, long from, long length) throws IOException {
    if (length == 0) {
      return Optional.of(InputStream.nullInputStream());
    }
    Optional<ResponseInputStream<GetObjectResponse>> found = open(key, from, length);
    return found.map(first -> new Download(this, key, from, first));
  }

  /** One answer, with what there is between two places. */
  Optional<ResponseInputStream<GetObjectResponse>> open(String key, long from, long length)
      throws IOException {
    GetObjectRequest.Builder request = GetObjectRequest.builder().bucket(bucket).key(key);
    if (from > 0 || length != ALL) {
      request.range("bytes=" + from + "-" + (length == ALL ? "" : from + length - 1));
    }
    try {
      return Optional.of(client().getObject(request.build()));
    } catch (NoSuchKeyException e) {
      return Optional.empty();
    } catch (S3Exception e) {
      if (e.statusCode() == BEHIND_THE_END) {
        return Optional.of(
            new ResponseInputStream<>(
                GetObjectResponse.builder().contentLength(0L).build(),
                InputStream.nullInputStream()));
      }
      throw failure("get " + key, e);
    } catch (SdkException e) {
      throw failure("get " + key, e);
    }
  }

  @Override
  public List<String> list(String prefix, int most) throws IOException {
    ListObjectsV2Request request =
        ListObjectsV2Request.builder().bucket(bucket).prefix(prefix).build();
    try {
      List<String> keys = new ArrayList<>();
      for (S3Object object : client().listObjectsV2Paginator(request).contents()) {
        if (keys.size() == most) {
          break;
        }
        keys.add(object.key());
      }
      return keys;
    } catch (SdkException e) {
      throw failure("list " + prefix, e);
    }
  }

  private IOException failure(String what, SdkException cause) {
    if (cause instanceof AbortedException || Thread.currentThread().isInterrupted()) {
      InterruptedIOException interrupted = new InterruptedIOException(what + " was interrupted");
      interrupted.initCause(cause);
      return interrupted;
    }
    if (cause.getCause() instanceof UncheckedIOException read) {
      IOException first = read.getCause();
      if (first != null) {
        return first;
      }
    }
    String why =
        cause instanceof S3Exception refused && refused.awsErrorDetails() != null
            ? refused.awsErrorDetails().errorCode()
                + ": "
                + refused.awsErrorDetails().errorMessage()
            : cause.getMessage();
    return new IOException("the bucket %s: %s: %s".formatted(bucket, what, why), cause);
  }

  private synchronized S3Client client() {
    if (client == null) {
      client =
          new AwsEndpoint(endpoint)
              .reach(S3Client.builder(), CONNECT, SILENCE)
              .forcePathStyle(endpoint.isPresent())
              .overrideConfiguration(
                  settings ->
                      settings.retryStrategy(
                          AwsRetryStrategy.standardRetryStrategy().toBuilder()
                              .maxAttempts(ATTEMPTS)
                              .build()))
              .build();
    }
    return client;
  }

  @Override
  public String toString() {
    return "the bucket " + bucket;
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.close();
      client = null;
    }
  }
}
