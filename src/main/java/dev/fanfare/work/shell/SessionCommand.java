package dev.fanfare.work.shell;

import dev.fanfare.work.WorkException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The words before a command that give it a session of its own. Its id is the session's. */
final class SessionCommand {

  private static final String PERL =
      "use POSIX; POSIX::setsid(); exec { $ARGV[0] } @ARGV or exit 127";

  private SessionCommand() {}

  /**
   * By the tools of this machine.
   *
   * @throws WorkException code {@code setsid_missing}
   */
  static List<String> find(Map<String, String> environment) throws WorkException {
    String path = environment.getOrDefault("PATH", "") + ":/usr/bin:/bin";
    Optional<String> setsid = Executables.find("setsid", path);
    if (setsid.isPresent()) {
      return List.of(setsid.get());
    }
    String perl =
        Executables.find("perl", path)
            .orElseThrow(
                () ->
                    new WorkException(
                        "setsid_missing",
                        "Neither setsid nor perl is on this machine, so a script could not be"
                            + " stopped together with what it starts. Install util-linux."));
    return List.of(perl, "-e", PERL);
  }
}
