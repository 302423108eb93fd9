package dev.fanfare.work.shell;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A session leader and everything it has started. */
final class ProcessGroup {

  private static final Duration FORCE_WAIT = Duration.ofSeconds(2);
  private static final long POLL_MILLIS = 10;

  private final long id;
  private final Optional<ProcessHandle> leader;
  private final Set<ProcessHandle> strays = new LinkedHashSet<>();

  /** The group of a leader that was just started. */
  ProcessGroup(ProcessHandle leader) {
    this(leader.pid(), Optional.of(leader));
  }

  /** The group with this id; its leader need not be alive any more. */
  ProcessGroup(long id) {
    this(id, ProcessHandle.of(id));
  }

  private ProcessGroup(long id, Optional<ProcessHandle> leader) {
    if (id <= 1) {
      throw new IllegalArgumentException(id + " is no group that may be stopped");
    }
    this.id = id;
    this.leader = leader;
  }

  /**
   * Asks all members to end, and ends those by force that are left after the grace. Returns when
   * none is left, or two seconds after force has not helped either. The second caller waits for the
   * first.
   */
  synchronized void stop(Duration grace) {
    collectStrays();
    if (!isAlive()) {
      return;
    }
    signal("TERM");
    if (awaitEnd(grace)) {
      return;
    }
    long deadline = System.nanoTime() + FORCE_WAIT.toNanos();
    do {
      collectStrays();
      signal("KILL");
    } while (!awaitEnd(Duration.ofMillis(100)) && System.nanoTime() < deadline);
  }

  /** Descendants that made themselves a session of their own while their parents lived. */
  private void collectStrays() {
    leader
        .filter(ProcessHandle::isAlive)
        .ifPresent(process -> process.descendants().forEach(strays::add));
  }

  private boolean isAlive() {
    return leaderIsAlive() || strays.stream().anyMatch(ProcessTable::isRunning) || groupIsAlive();
  }

  private boolean leaderIsAlive() {
    return leader.filter(ProcessTable::isRunning).isPresent();
  }

  private boolean groupIsAlive() {
    return ProcessTable.isComplete() ? !ProcessTable.session(id).isEmpty() : kill("0", "-" + id);
  }

  private void signal(String signal) {
    boolean force = signal.equals("KILL");
    Set<String> targets = new LinkedHashSet<>();
    for (ProcessTable.Entry member : ProcessTable.session(id)) {
      if (member.group() > 1) {
        targets.add("-" + member.group());
      }
    }
    if (!ProcessTable.isComplete()) {
      targets.add("-" + id);
    }
    boolean reached = !targets.isEmpty() && kill(signal, targets.toArray(String[]::new));
    if (leaderIsAlive() && !reached) {
      leader.ifPresent(process -> end(process, force)); // not a session leader yet
    }
    for (ProcessHandle stray : strays) {
      if (ProcessTable.isRunning(stray)
          && (force || (ProcessTable.isComplete() && !inSession(stray)))) {
        end(stray, force);
      }
    }
  }

  private boolean inSession(ProcessHandle process) {
    return ProcessTable.session(id).stream().anyMatch(member -> member.pid() == process.pid());
  }

  private static void end(ProcessHandle process, boolean force) {
    boolean accepted = force ? process.destroyForcibly() : process.destroy();
    assert accepted || !process.isAlive() : "process " + process.pid() + " cannot be signalled";
  }

  /** The shell's own kill: it is everywhere and reaches a whole group in one call. */
  private static boolean kill(String signal, String... targets) {
    List<String> command =
        new ArrayList<>(List.of("/bin/sh", "-c", "kill -s \"$0\" -- \"$@\"", signal));
    command.addAll(List.of(targets));
    try {
      Process kill =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return kill.waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private boolean awaitEnd(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (isAlive()) {
      if (System.nanoTime() >= deadline) {
        return false;
      }
      try {
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }
}
