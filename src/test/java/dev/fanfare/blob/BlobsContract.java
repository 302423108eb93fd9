package dev.fanfare.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every store of blobs does, wherever it keeps them. */
public abstract class BlobsContract {

  @TempDir protected java.nio.file.Path folder;

  /** A store; asked twice in a test, one that knows what the first one has kept. */
  protected abstract Blobs blobs();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private String text(String key) throws IOException {
    return new String(blobs().get(key, 1 << 20).orElseThrow(), StandardCharsets.UTF_8);
  }

  @Test
  void a_blob_comes_back_as_it_was_put() throws IOException {
    assertTrue(blobs().put("a/b/c", bytes("héllo")));
    assertEquals("héllo", text("a/b/c"));
  }

  @Test
  void an_empty_one_comes_back_too() throws IOException {
    assertTrue(blobs().put("a", bytes("")));
    assertEquals("", text("a"));
  }

  @Test
  void what_was_never_put_is_not_there() throws IOException {
    assertEquals(Optional.empty(), blobs().read("a/b", 0, Blobs.ALL));
    assertEquals(Optional.empty(), blobs().get("a", 10));
  }

  @Test
  void a_part_of_it_can_be_read() throws IOException {
    blobs().put("a", bytes("0123456789"));
    assertEquals("345", part(3, 3));
    assertEquals("89", part(8, 100));
    assertEquals("789", part(7, Blobs.ALL));
    assertEquals("", part(10, Blobs.ALL));
    assertEquals("", part(3, 0));
  }

  private String part(long from, long length) throws IOException {
    try (InputStream in = blobs().read("a", from, length).orElseThrow()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void a_reader_may_stop_early() throws IOException {
    blobs().put("a", new byte[5_000_000]);
    try (InputStream in = blobs().read("a", 0, Blobs.ALL).orElseThrow()) {
      assertEquals(10, in.readNBytes(10).length);
    }
    assertThrows(IOException.class, () -> blobs().get("a", 1000));
  }

  @Test
  void the_first_one_stays() throws IOException {
    assertTrue(blobs().put("a", bytes("first")));
    assertFalse(blobs().put("a", bytes("second")));
    assertEquals("first", text("a"));
  }

  @Test
  void of_many_that_are_put_at_once_one_wins() throws Exception {
    int threads = 8;
    CyclicBarrier barrier = new CyclicBarrier(threads);
    List<Callable<Boolean>> puts = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      byte[] own = new byte[100_000];
      Arrays.fill(own, (byte) i);
      puts.add(
          () -> {
            barrier.await(10, TimeUnit.SECONDS);
            return blobs().put("same", own);
          });
    }
    int won = 0;
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      for (Future<Boolean> each : pool.invokeAll(puts)) {
        won += each.get(20, TimeUnit.SECONDS) ? 1 : 0;
      }
    }
    assertEquals(1, won);
    byte[] found = blobs().get("same", 100_000).orElseThrow();
    assertEquals(100_000, found.length);
    for (byte each : found) {
      assertEquals(found[0], each);
    }
  }

  @Test
  void what_cannot_be_read_to_its_end_is_not_there() throws IOException {
    Blobs.Source broken =
        () ->
            new InputStream() {
              private int left = 100_000;

              @Override
              public int read() throws IOException {
                return read(new byte[1], 0, 1) < 0 ? -1 : 'x';
              }

              @Override
              public int read(byte[] into, int offset, int length) throws IOException {
                if (left == 0) {
                  throw new IOException("the disk is gone");
                }
                int count = Math.min(left, length);
                left -= count;
                return count;
              }
            };
    IOException failure =
        assertThrows(IOException.class, () -> blobs().put("a", 1_000_000, broken));
    assertTrue(String.valueOf(failure.getMessage()).contains("disk is gone"), failure.toString());
    assertEquals(Optional.empty(), blobs().read("a", 0, Blobs.ALL));
  }

  @Test
  void what_is_shorter_than_it_said_is_not_there() throws IOException {
    assertThrows(
        IOException.class,
        () -> blobs().put("a", 1_000_000, () -> new ByteArrayInputStream(new byte[10])));
    assertEquals(Optional.empty(), blobs().read("a", 0, Blobs.ALL));
  }

  @Test
  void keys_are_listed_by_how_they_begin() throws IOException {
    for (String key : List.of("a/1", "a/2/x", "a/20", "b/1", "ab")) {
      blobs().put(key, bytes("x"));
    }
    assertEquals(List.of("a/1", "a/2/x", "a/20"), blobs().list("a/"));
    assertEquals(List.of("a/2/x", "a/20"), blobs().list("a/2"));
    assertEquals(List.of(), blobs().list("c/"));
  }

  @Test
  void more_keys_than_one_answer_has_are_listed() throws IOException {
    for (int i = 0; i < 1005; i++) {
      blobs().put("many/" + i, bytes(""));
    }
    assertEquals(1005, blobs().list("many/").size());
  }

  @Test
  void large_ones_do_not_have_to_fit_into_memory() throws IOException {
    long size = 64L << 20;
    assertTrue(blobs().put("large", size, () -> new Pattern(size)));
    try (InputStream in = blobs().read("large", 12_345_678, Blobs.ALL).orElseThrow()) {
      Pattern expected = new Pattern(size);
      expected.skipNBytes(12_345_678);
      byte[] found = new byte[1 << 16];
      for (int n = in.readNBytes(found, 0, found.length);
          n > 0;
          n = in.readNBytes(found, 0, found.length)) {
        assertArrayEquals(expected.readNBytes(n), Arrays.copyOf(found, n));
      }
      assertEquals(-1, expected.read());
    }
  }

  /** Bytes that differ from place to place. */
  static final class Pattern extends InputStream {
    private final long size;
    private long at;

    Pattern(long size) {
      this.size = size;
    }

    @Override
    public int read() {
      if (at == size) {
        return -1;
      }
      long place = at++;
      return (int) (place ^ (place >> 8) ^ (place >> 16)) & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      if (at == size) {
        return -1;
      }
      int count = (int) Math.min(length, size - at);
      for (int i = 0; i < count; i++) {
        into[offset + i] = (byte) read();
      }
      return count;
    }
  }
}
