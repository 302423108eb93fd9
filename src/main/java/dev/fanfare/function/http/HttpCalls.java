package dev.fanfare.function.http;

import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Requests that are on their way through the loopback port, by their tickets. */
@Singleton
public class HttpCalls {

  /** The header that carries a ticket; what a caller sends under this name is dropped. */
  public static final String TICKET = "x-fanfare-ticket";

  private static final int BYTES = 32;

  private final Map<String, HttpCall> open = new ConcurrentHashMap<>();

  /** A ticket that only this process can know. */
  String ticket(HttpCall call) {
    byte[] bits = new byte[BYTES];
    // Made here and not kept: a process that is restored from a snapshot must not repeat itself.
    new SecureRandom().nextBytes(bits);
    String ticket = HexFormat.of().formatHex(bits);
    open.put(ticket, call);
    return ticket;
  }

  boolean knows(@Nullable String ticket) {
    return ticket != null && open.containsKey(ticket);
  }

  /** What a ticket stands for, once. */
  public Optional<HttpCall> take(@Nullable String ticket) {
    return ticket == null ? Optional.empty() : Optional.ofNullable(open.remove(ticket));
  }
}
