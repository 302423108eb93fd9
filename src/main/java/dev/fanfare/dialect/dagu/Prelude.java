package dev.fanfare.dialect.dagu;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Shell in front of a script: what Dagu does around a command that this engine leaves to it. */
final class Prelude {

  /**
   * Variables of a file, each where the file of the DAG sets none of that name. What a script has
   * from the machine gives way.
   */
  private static final String DOTENV =
      """
      dagu_dotenv() {
        test -f "$1" || return 0
        while IFS= read -r dagu_line || test -n "$dagu_line"; do
          dagu_line="${dagu_line#export }"
          case "$dagu_line" in [A-Za-z_]*=*) ;; *) continue ;; esac
          dagu_name="${dagu_line%%=*}"
          dagu_text="${dagu_line#*=}"
          case "$dagu_name" in *[!A-Za-z0-9_]*) continue ;; esac
          case "$dagu_text" in
            \\"*\\") dagu_text="${dagu_text#?}"; dagu_text="${dagu_text%?}" ;;
            \\'*\\') dagu_text="${dagu_text#?}"; dagu_text="${dagu_text%?}" ;;
          esac
          dagu_rest=
          for dagu_word in $dagu_own; do
            if test "$dagu_word" = "$dagu_name"; then unset "$dagu_name"; else dagu_rest="$dagu_rest $dagu_word"; fi
          done
          dagu_own=$dagu_rest
          eval "test -n \\"\\${$dagu_name+x}\\" || export $dagu_name=\\"\\$dagu_text\\""
        done < "$1"
      }\
      """;

  private static final List<String> OF_THE_MACHINE =
      List.of("PATH", "HOME", "USER", "SHELL", "TMPDIR", "TZ", "JAVA_HOME", "LANG", "LC_ALL");

  private Prelude() {}

  /**
   * Reads files of variables, those that count most first.
   *
   * @param set names that the file of the DAG sets
   */
  static List<String> dotenv(List<String> files, Set<String> set) {
    List<String> lines = new ArrayList<>();
    if (!files.isEmpty()) {
      lines.add(DOTENV);
      lines.add(
          OF_THE_MACHINE.stream()
              .filter(name -> !set.contains(name))
              .collect(Collectors.joining(" ", "dagu_own='", "'")));
      for (String file : files) {
        String path =
            file.startsWith("/") || file.startsWith("$") || file.startsWith("~")
                ? Texts.live(file)
                : "\"${"
                    + Folders.CALLER
                    + ":-${FANFARE_SOURCE:-$FANFARE_WORKSPACE}}/\""
                    + Texts.live(file);
        lines.add("dagu_dotenv " + path);
      }
    }
    return lines;
  }

  /** Copies what a script prints to a file. */
  static List<String> copy(String stream, String path) {
    boolean out = stream.equals("stdout");
    String pipe = "\"$FANFARE_SCRATCH/dagu-" + stream + "\"";
    return List.of(
        "mkfifo " + pipe,
        "tee -- " + Texts.live(path) + " < " + pipe + (out ? " &" : " >&2 &"),
        "dagu_copies=\"$dagu_copies $!\"",
        "trap 'dagu_code=$?; exec > /dev/null 2>&1; wait $dagu_copies; exit $dagu_code' EXIT",
        "exec " + (out ? "" : "2") + "> " + pipe);
  }

  /** Hands parameters over as {@code $1}, {@code $2} and so on. */
  static String positions(int count) {
    StringBuilder set = new StringBuilder("set --");
    for (int i = 1; i <= count; i++) {
      set.append(" \"$DAGU_PARAM_").append(i).append('"');
    }
    return set.toString();
  }
}
