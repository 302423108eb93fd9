package dev.fanfare.function;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands between an engine and its database: counts what the engine sends, and cuts connections off
 * as a network does while one end of them is frozen, so that it learns of it only when it sends.
 */
final class DatabaseProxy implements AutoCloseable {

  private final ServerSocket server;
  private final String host;
  private final int port;
  private final Set<Pair> pairs = ConcurrentHashMap.newKeySet();
  private final AtomicLong sent = new AtomicLong();

  /** A connection of the engine and the one behind it. */
  private final class Pair {
    final Socket front;
    final Socket back;
    volatile boolean cut;
    volatile boolean deaf;

    Pair(Socket front) throws IOException {
      this.front = front;
      this.back = new Socket(host, port);
      front.setTcpNoDelay(true);
      back.setTcpNoDelay(true);
      Thread.ofVirtual().start(() -> forth());
      Thread.ofVirtual().start(() -> back());
    }

    void forth() {
      byte[] buffer = new byte[64 << 10];
      try (InputStream in = front.getInputStream()) {
        OutputStream out = back.getOutputStream();
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          sent.incrementAndGet();
          if (deaf) {
            continue;
          }
          if (cut) {
            front.setSoLinger(true, 0); // what is sent is answered with a reset
            break;
          }
          out.write(buffer, 0, n);
        }
      } catch (IOException e) {
        // one of both has gone
      } finally {
        pairs.remove(this);
        close(front);
        close(back);
      }
    }

    void back() {
      byte[] buffer = new byte[64 << 10];
      try {
        InputStream in = back.getInputStream();
        OutputStream out = front.getOutputStream();
        for (int n = in.read(buffer); n >= 0 && !cut; n = in.read(buffer)) {
          out.write(buffer, 0, n);
        }
      } catch (IOException e) {
        // one of both has gone
      }
      if (!cut) {
        close(front);
      }
    }
  }

  DatabaseProxy(String host, int port) {
    this.host = host;
    this.port = port;
    try {
      this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        pairs.add(new Pair(server.accept()));
      } catch (IOException e) {
        // closed, or the database takes no connection
      }
    }
  }

  int port() {
    return server.getLocalPort();
  }

  /** Messages that engines have sent. */
  long sent() {
    return sent.get();
  }

  /** Connections that are open. */
  int open() {
    return pairs.size();
  }

  /** Loses everything on the connections that there are, as a router does that forgot them. */
  void lose() {
    pairs.forEach(pair -> pair.deaf = true);
  }

  /** Ends the connections behind, and says nothing about it in front. */
  void cut() {
    pairs.forEach(
        pair -> {
          pair.cut = true;
          close(pair.back);
        });
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // it is closed
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    pairs.forEach(
        pair -> {
          close(pair.front);
          close(pair.back);
        });
  }
}
