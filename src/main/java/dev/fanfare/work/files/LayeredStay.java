package dev.fanfare.work.files;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.Outcome;
import dev.fanfare.work.Trees;
import dev.fanfare.work.WorkException;
import dev.fanfare.work.log.LogStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An attempt in a folder of its own, put together from the layers of the steps upstream. */
final class LayeredStay implements Stay {

  private static final System.Logger LOGGER = System.getLogger(LayeredStay.class.getName());
  private static final int NAMED = 5;

  private final LayerStore store;
  private final Limits limits;
  private final Workspaces.Visit visit;
  private final Path folder;

  // Guarded by this.
  private @Nullable Changes changes;

  /**
   * @param folder empty, for this attempt only
   */
  LayeredStay(LayerStore store, Limits limits, Workspaces.Visit visit, Path folder) {
    this.store = store;
    this.limits = limits;
    this.visit = visit;
    this.folder = folder;
  }

  /**
   * Fills the folder.
   *
   * @throws WorkException code {@code workspace_conflict} or {@code path_outside_workspace}
   */
  synchronized LayeredStay compose(View view, Compositions compositions)
      throws IOException, WorkException {
    Composition composition = compositions.of(visit.run(), view, names(visit.reads()));
    composition.write(store, visit.run(), folder, visit.pulse());
    changes = Changes.begin(folder, composition.visible(), visit.pulse());
    return this;
  }

  private static List<String> names(List<String> written) throws WorkException {
    List<String> names = new ArrayList<>();
    for (String path : written) {
      names.add(Names.written(path));
    }
    return names;
  }

  @Override
  public Path folder() {
    return folder;
  }

  @Override
  public synchronized Outcome finish(Outcome outcome) {
    boolean endedByItself =
        outcome instanceof Outcome.Succeeded || outcome instanceof Outcome.Failed;
    if (!endedByItself || changes == null) {
      return outcome;
    }
    try {
      keep(changes);
      return outcome;
    } catch (WorkException e) {
      return notKept(outcome, e.error());
    } catch (IOException | RuntimeException e) {
      return notKept(
          outcome,
          ErrorInfo.of("workspace", "what the step has left cannot be kept: " + e.getMessage()));
    }
  }

  /** What has failed anyway stays what it is. */
  private Outcome notKept(Outcome outcome, ErrorInfo error) {
    if (outcome instanceof Outcome.Succeeded succeeded) {
      return new Outcome.Failed(error, succeeded.output());
    }
    visit.log().line(LogStream.NOTE, "what the step left is not kept: " + error.message());
    return outcome;
  }

  private void keep(Changes found) throws IOException, WorkException {
    List<String> writes = new ArrayList<>(names(visit.writes()));
    if (!writes.isEmpty()) {
      writes.addAll(names(visit.outputs()));
    }
    Map<String, Entry> entries = found.find(writes, new Tally(limits, Manifest.Usage.NONE));
    note(found.special(), "is no file and is not kept", "are no files and are not kept");
    note(
        found.left(),
        "is outside of `writes` and not kept",
        "are outside of `writes` and not kept");
    if (entries.isEmpty()) {
      return;
    }
    Tally all = new Tally(limits, store.usage(visit.run()));
    entries.forEach((name, entry) -> all.add(name, entry.size()));
    all.check();
    store.put(visit.run(), visit.name(), Manifest.of(entries), folder, visit.pulse());
  }

  private void note(List<String> names, String one, String several) {
    if (names.isEmpty()) {
      return;
    }
    String shown =
        names.stream().sorted().limit(NAMED).map(Names::shown).collect(Collectors.joining(", "));
    String more = names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "";
    visit.log().line(LogStream.NOTE, shown + more + " " + (names.size() == 1 ? one : several));
  }

  @Override
  public synchronized void leave() {
    changes = null;
    try {
      Trees.delete(folder);
    } catch (IOException e) {
      // It goes with the folder of the run.
      LOGGER.log(System.Logger.Level.DEBUG, "the folder {0} stays behind: {1}", folder, e);
    }
  }
}
