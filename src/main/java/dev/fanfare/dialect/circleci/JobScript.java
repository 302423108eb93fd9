package dev.fanfare.dialect.circleci;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The script of a job. Every text of the file stands in it in quotes, so none becomes code but the
 * commands, which run from files of their own.
 */
final class JobScript {

  /** Variables in which contexts are handed over, numbered. */
  static final String CONTEXT = "FANFARE_CONTEXT_";

  /** Folders of a machine that no job may take for its own. */
  private static final Set<String> SYSTEM =
      Set.of("/", "/usr", "/bin", "/sbin", "/etc", "/lib", "/dev", "/proc", "/sys", "/opt", "/var");

  private static final String PRELUDE = prelude();

  private final Job job;
  private final String name;
  private final int contexts;
  private final StringBuilder text = new StringBuilder();

  /**
   * @param name of the job, for the folders of what it stores
   * @param contexts how many contexts it has
   */
  JobScript(Job job, String name, int contexts) {
    this.job = job;
    this.name = name.replaceAll("[^A-Za-z0-9._-]", "-");
    this.contexts = contexts;
  }

  private static String prelude() {
    try (InputStream in = JobScript.class.getResourceAsStream("job.sh")) {
      if (in == null) {
        throw new IllegalStateException("job.sh is not beside its class");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String text() {
    text.append(PRELUDE).append('\n');
    line("ff_total=" + job.actions().size());
    line("ff_own " + words(List.copyOf(own())));
    for (int i = 0; i < contexts; i++) {
      line("ff_context \"$" + CONTEXT + i + "\"");
      line("unset " + CONTEXT + i);
    }
    line("ff_variables " + words(List.copyOf(job.environment().keySet())));
    line("ff_folder=$ff_files");
    line("ff_folder=$(ff_path " + quoted(job.folder()) + ")");
    line("export CIRCLE_WORKING_DIRECTORY=$ff_folder");
    line("mkdir -p \"$ff_folder\" && cd \"$ff_folder\" || exit 1");
    job.actions().forEach(this::action);
    line("ff_finish");
    return text.toString();
  }

  /** Folders that the job names as its own, and those that every job has. */
  private Set<String> own() {
    Set<String> own = new TreeSet<>(Set.of("/tmp", "/home/circleci"));
    add(job.folder(), own);
    for (Action action : job.actions()) {
      switch (action) {
        case Action.Run ignored -> {}
        case Action.Checkout checkout -> add(checkout.path(), own);
        case Action.Persist persist -> add(persist.root(), own);
        case Action.Attach attach -> add(attach.at(), own);
        case Action.Store store -> add(store.path(), own);
        case Action.SaveCache save -> save.paths().forEach(path -> add(path, own));
        case Action.RestoreCache ignored -> {}
      }
    }
    return own;
  }

  private static void add(String path, Set<String> own) {
    String folder =
        path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    boolean inside = folder.startsWith("/tmp/") || folder.startsWith("/home/circleci/");
    if (folder.startsWith("/") && !inside && !SYSTEM.contains(folder) && !folder.contains("\n")) {
      own.add(folder);
    }
  }

  private void action(Action action) {
    String when = action.when().name().toLowerCase(Locale.ROOT);
    line("if ff_begin " + when + " " + quoted(action.title()) + "; then");
    switch (action) {
      case Action.Run run -> run(run);
      case Action.Checkout checkout -> line("ff_checkout " + quoted(checkout.path()));
      case Action.Persist persist ->
          line("ff_persist " + quoted(persist.root()) + " " + words(persist.paths()));
      case Action.Attach attach -> line("ff_attach " + quoted(attach.at()));
      case Action.Store store ->
          line("ff_store " + words(List.of(store.kind(), name, store.path(), store.destination())));
      case Action.SaveCache save ->
          line("ff_save " + quoted(save.key()) + " " + words(save.paths()));
      case Action.RestoreCache restore -> line("ff_restore " + words(restore.keys()));
    }
    line("fi");
  }

  private void run(Action.Run run) {
    if (!run.environment().isEmpty()) {
      line("ff_env=(" + assignments(run.environment()) + ")");
    }
    line("ff_command=" + quoted(run.command()));
    String shell = run.shell().startsWith("#!") ? run.shell().substring(2).strip() : run.shell();
    line(
        "ff_run "
            + words(
                List.of(
                    shell,
                    run.folder(),
                    Integer.toString(run.reruns()),
                    Long.toString(run.rerunDelay().toSeconds()),
                    run.background() ? "yes" : "no")));
  }

  private static String assignments(Map<String, String> environment) {
    return environment.entrySet().stream()
        .map(each -> quoted(each.getKey() + "=" + each.getValue()))
        .collect(Collectors.joining(" "));
  }

  private static String words(List<String> words) {
    return words.stream().map(JobScript::quoted).collect(Collectors.joining(" "));
  }

  /** A word of the shell that stands for nothing but its characters. */
  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
