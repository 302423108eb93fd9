package dev.fanfare.work.shell;

import dev.fanfare.work.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * The files of one attempt: its script, what it yields, and who runs it.
 *
 * @param folder of its own, for its owner only
 */
record Scratch(Path folder) {

  static final String OWNER = "owner";
  static final String GROUP = "group";

  static Scratch create(Path root) throws IOException {
    Files.createDirectories(root);
    Scratch scratch = new Scratch(Files.createTempDirectory(root, "attempt-").toAbsolutePath());
    scratch.writeProcess(OWNER, ProcessHandle.current().pid(), "");
    Files.createFile(scratch.output());
    Files.createDirectory(scratch.own());
    return scratch;
  }

  Path output() {
    return folder.resolve("output");
  }

  /** A folder for the script itself. */
  Path own() {
    return folder.resolve("own");
  }

  /** Where a script writes why there is nothing for it to do. */
  Path skip() {
    return folder.resolve("skip");
  }

  /** Programs that this script expects. */
  Path programs() {
    return folder.resolve("bin");
  }

  /** What the script hands to those after it. */
  Path exports() {
    return folder.resolve("exports");
  }

  /** The names of those exports that nobody is to see. */
  Path masked() {
    return folder.resolve("masked");
  }

  Path writeScript(String text) throws IOException {
    return Files.writeString(folder.resolve("script"), text, StandardCharsets.UTF_8);
  }

  void writeGroup(long id, UUID run) throws IOException {
    writeProcess(GROUP, id, run.toString());
  }

  private void writeProcess(String name, long pid, String more) throws IOException {
    String identity = ProcessTable.identity(pid).orElse("");
    Files.write(folder.resolve(name), List.of(Long.toString(pid), identity, more));
  }

  void delete() throws IOException {
    Trees.delete(folder);
  }
}
