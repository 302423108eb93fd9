package dev.fanfare.work.shell;

import dev.fanfare.work.WorkException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who runs a script: the words of {@code shell:}.
 *
 * <p>Shells stop at the first command that fails ({@code -e}; bash also inside a pipe), arguments
 * that a person gives come later and win. The script is a file, given as the last argument or where
 * a {@code {0}} stands; after a last argument {@code -c} comes the script's text instead.
 *
 * @param words the program and its arguments
 */
record Interpreter(List<String> words) {

  private static final Set<String> SHELLS = Set.of("sh", "dash", "ash", "bash", "ksh", "zsh");
  private static final String PLACE = "{0}";

  /**
   * Reads {@code shell:}; blank means {@code sh}.
   *
   * @throws WorkException code {@code shell_not_found} when the program is not to be had
   */
  static Interpreter of(String shell, Path workdir, Map<String, String> environment)
      throws WorkException {
    List<String> words =
        new ArrayList<>(List.of((shell.isBlank() ? "sh" : shell).strip().split("\\s+")));
    String program = words.getFirst();
    boolean found =
        program.contains("/")
            ? Executables.isExecutable(workdir.toString(), program)
            : Executables.find(program, environment.getOrDefault("PATH", "")).isPresent();
    if (!found) {
      throw new WorkException(
          "shell_not_found",
          ("The interpreter \"%s\" is not on this machine. Install it, correct PATH, or name"
                  + " another one with `shell:`.")
              .formatted(program));
    }
    String name = program.substring(program.lastIndexOf('/') + 1);
    if (SHELLS.contains(name)) {
      words.add(1, "-e");
    }
    if (name.equals("bash")) {
      words.addAll(2, List.of("-o", "pipefail"));
    }
    return new Interpreter(List.copyOf(words));
  }

  /** The command line for a script. */
  List<String> command(Path file, String text) {
    List<String> command = new ArrayList<>(words);
    if (words.getLast().equals("-c")) {
      command.add(text);
    } else if (words.stream().anyMatch(word -> word.contains(PLACE))) {
      command.replaceAll(word -> word.replace(PLACE, file.toString()));
    } else {
      command.add(file.toString());
    }
    return command;
  }
}
