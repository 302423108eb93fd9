package dev.fanfare.blob;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * Keeps blobs by their keys. Blocks; safe for use by several threads and processes.
 *
 * <p>A key is ASCII: letters, digits, {@code . _ - /}, at most 900 characters, and no part of it
 * between two {@code /} is empty or consists of points.
 */
public interface Blobs extends AutoCloseable {

  /** No limit on how much is read. */
  long ALL = Long.MAX_VALUE;

  /** Where the bytes of a blob come from. */
  @FunctionalInterface
  interface Source {
    /** The bytes from the beginning; asked for again where a transfer is tried again. */
    InputStream open() throws IOException;
  }

  /**
   * Keeps a blob, whole or not at all.
   *
   * @param length of what the source yields
   * @return false where there is one by this key already, which stays as it is. Where an answer was
   *     lost on its way that may be the one of this very call.
   */
  boolean put(String key, long length, Source source) throws IOException;

  default boolean put(String key, byte[] bytes) throws IOException {
    return put(key, bytes.length, () -> new ByteArrayInputStream(bytes));
  }

  /**
   * Reads a part of a blob.
   *
   * @param from first byte; at most the blob's length
   * @param length most bytes to read, {@link #ALL} for what there is
   * @return empty if there is no such blob. To be closed; closing it early costs a connection.
   */
  Optional<InputStream> read(String key, long from, long length) throws IOException;

  /**
   * A whole small blob; empty if there is none.
   *
   * @throws IOException also where it has more than {@code most} bytes
   */
  default Optional<byte[]> get(String key, int most) throws IOException {
    Optional<InputStream> found = read(key, 0, most + 1L);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (InputStream in = found.get()) {
      byte[] bytes = in.readAllBytes();
      if (bytes.length > most) {
        throw new IOException("the blob " + key + " has more than " + most + " bytes");
      }
      return Optional.of(bytes);
    }
  }

  /** The keys that begin so, in order. */
  default List<String> list(String prefix) throws IOException {
    return list(prefix, Integer.MAX_VALUE);
  }

  /**
   * The first of the keys that begin so, in order.
   *
   * @param most of them; a thousand take one request
   */
  List<String> list(String prefix, int most) throws IOException;

  @Override
  void close();
}
