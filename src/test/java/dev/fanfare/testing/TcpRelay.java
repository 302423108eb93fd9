package dev.fanfare.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands between a process and a server, and counts connections. */
public final class TcpRelay implements AutoCloseable {

  private final ServerSocket door;
  private final String host;
  private final int port;
  private final AtomicInteger connections = new AtomicInteger();
  private final List<Link> links = new ArrayList<>();

  /** Leads to a server. */
  public TcpRelay(String host, int port) {
    this.host = host;
    this.port = port;
    try {
      door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::listen);
  }

  public int port() {
    return door.getLocalPort();
  }

  /** How many were ever opened. */
  public int connections() {
    return connections.get();
  }

  private void listen() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        connections.incrementAndGet();
        Link link = new Link(client, new Socket(host, port));
        synchronized (this) {
          links.add(link);
        }
        link.start();
      } catch (IOException e) {
        // closed, or the server is not there
      }
    }
  }

  @Override
  public synchronized void close() {
    try {
      door.close();
      for (Link link : links) {
        link.client.close();
        link.server.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Link {
    private final Socket client;
    private final Socket server;

    private Link(Socket client, Socket server) throws IOException {
      this.client = client;
      this.server = server;
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
    }

    private void start() {
      Thread.ofVirtual().start(() -> copy(client, server));
      Thread.ofVirtual().start(() -> copy(server, client));
    }

    private void copy(Socket from, Socket to) {
      byte[] buffer = new byte[16 << 10];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          out.write(buffer, 0, read);
        }
        to.close();
      } catch (IOException e) {
        // one side has ended
      }
    }
  }
}
