package dev.fanfare.blob.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.blob.Blobs;
import dev.fanfare.blob.BlobsContract;
import dev.fanfare.testing.ObjectServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against the real SDK over real HTTP. */
class S3BlobsTest extends BlobsContract {

  private final ObjectServer server = ObjectServer.start("blobs");
  private final Blobs blobs = new S3Blobs("blobs", Optional.of(server.uri()));

  @Override
  protected Blobs blobs() {
    return blobs;
  }

  @AfterEach
  void stop() {
    blobs.close();
    server.close();
  }

  @Test
  void a_bucket_that_is_busy_is_asked_again() throws IOException {
    server.failNext(3, ObjectServer.SLOW_DOWN, request -> true);
    assertTrue(blobs.put("a", "x".getBytes(StandardCharsets.UTF_8)));
    server.failNext(2, ObjectServer.INTERNAL_ERROR, request -> true);
    assertEquals(1, blobs.get("a", 10).orElseThrow().length);
    server.failNext(2, new ObjectServer.Fault.Cut(false), request -> true);
    assertEquals(1, blobs.list("a").size());
  }

  @Test
  void a_put_whose_answer_is_lost_says_that_there_is_one() throws IOException {
    server.failNext(1, new ObjectServer.Fault.Cut(true), request -> true);
    assertFalse(blobs.put("a", new byte[] {1}));
    assertArrayEquals(new byte[] {1}, blobs.get("a", 10).orElseThrow());
  }

  @Test
  void a_download_goes_on_where_its_connection_broke() throws IOException {
    byte[] bytes = new byte[1_000_000];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31 >> 3);
    }
    blobs.put("a", bytes);
    server.forgetRequests();
    server.failNext(3, new ObjectServer.Fault.CutBody(300_000), request -> true);
    assertArrayEquals(bytes, blobs.get("a", 1_000_000).orElseThrow());
    assertEquals(4, server.requests().size());
  }

  @Test
  void a_download_that_breaks_again_and_again_fails() throws IOException {
    blobs.put("a", new byte[1_000_000]);
    server.faults(request -> Optional.of(new ObjectServer.Fault.CutBody(1000)));
    IOException failure = assertThrows(IOException.class, () -> blobs.get("a", 1_000_000));
    assertTrue(
        String.valueOf(failure.getMessage()).startsWith("the bucket blobs: get a: the connection"),
        failure.getMessage());
  }

  @Test
  void a_slow_download_arrives() throws IOException {
    blobs.put("a", new byte[100_000]);
    server.faults(request -> Optional.of(new ObjectServer.Fault.Slow(20)));
    assertEquals(100_000, blobs.get("a", 100_000).orElseThrow().length);
  }

  @Test
  void a_bucket_that_is_not_there_is_named() {
    try (Blobs other = new S3Blobs("missing", Optional.of(server.uri()))) {
      IOException failure = assertThrows(IOException.class, () -> other.put("a", new byte[1]));
      assertEquals(
          "the bucket missing: put a: NoSuchBucket: The specified bucket does not exist",
          failure.getMessage());
    }
  }

  @Test
  void what_is_forbidden_is_not_taken_for_missing() {
    server.faults(request -> Optional.of(ObjectServer.DENIED));
    IOException failure = assertThrows(IOException.class, () -> blobs.get("a", 10));
    assertTrue(String.valueOf(failure.getMessage()).contains("AccessDenied"), failure.getMessage());
  }

  @Test
  void it_needs_three_permissions() throws IOException {
    blobs.put("a", new byte[1]);
    blobs.get("a", 1);
    blobs.list("a");
    assertEquals(Set.of("s3:GetObject", "s3:ListBucket", "s3:PutObject"), server.actions());
  }
}
