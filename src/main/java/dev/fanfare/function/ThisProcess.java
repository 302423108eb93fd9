package dev.fanfare.function;

import dev.fanfare.store.LeaseStore;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Optional;

/** Who claims steps in this process. */
final class ThisProcess {

  private ThisProcess() {}

  static LeaseStore.Worker worker() {
    ProcessHandle process = ProcessHandle.current();
    Optional<Instant> start = process.info().startInstant();
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      host = "localhost";
    }
    return new LeaseStore.Worker(
        RunIds.next().toString(), host, process.pid(), start.orElseGet(Instant::now));
  }
}
