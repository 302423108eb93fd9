package dev.fanfare.function;

import dev.fanfare.function.log.FunctionLog;
import dev.fanfare.store.LeaseStore;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Who claims steps in this process. */
final class ThisProcess {

  private static final System.Logger LOG = System.getLogger(ThisProcess.class.getName());

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
    String id = RunIds.next().toString();
    FunctionLog.line(LOG, "the engine of this environment is made", Map.of("worker", id));
    return new LeaseStore.Worker(id, host, process.pid(), start.orElseGet(Instant::now));
  }
}
