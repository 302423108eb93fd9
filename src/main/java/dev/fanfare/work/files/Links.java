package dev.fanfare.work.files;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.work.WorkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Links that a step leaves: kept where they stay inside its folder. */
final class Links {

  private Links() {}

  /**
   * A link as a layer keeps it: relative, also where it was absolute into the folder, since the
   * next step has another one. One that leads nowhere may stay.
   *
   * @throws WorkException code {@code workspace_link}
   */
  static Entry kept(Path folder, String name) throws IOException, WorkException {
    Path link = Names.in(folder, name);
    Path around = link.getParent();
    Path target = Files.readSymbolicLink(link);
    if (around == null || !around.resolve(target).normalize().startsWith(folder)) {
      throw refused(name, target);
    }
    if (!staysInside(folder, link)) {
      throw refused(name, target);
    }
    return Entry.link(
        Names.ofTarget(target.isAbsolute() ? around.relativize(target.normalize()) : target));
  }

  /** Whether the system, which follows links on the way too, ends up inside. */
  private static boolean staysInside(Path folder, Path link) {
    try {
      return link.toRealPath().startsWith(folder.toRealPath());
    } catch (IOException e) {
      return true; // it leads nowhere, or in a circle
    }
  }

  private static WorkException refused(String name, Path target) {
    return new WorkException(
        ErrorInfo.of(
                "workspace_link",
                ("The link \"%s\" leads to \"%s\", out of the workspace, and cannot be handed on to"
                        + " other steps. Make it a link to something inside, remove it, or leave it"
                        + " out with `writes`.")
                    .formatted(Names.shown(name), target))
            .with("file", Names.shown(name)));
  }
}
