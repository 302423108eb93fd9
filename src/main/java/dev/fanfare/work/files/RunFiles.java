package dev.fanfare.work.files;

import java.util.UUID;

/**
 * The files of a run.
 *
 * @param beginning 0, or another number each time the run was begun anew from its start, which
 *     finds no files of before
 */
public record RunFiles(UUID run, long beginning) {

  /** A name for a folder or an object, the run's id first. */
  public String name() {
    return beginning == 0 ? run.toString() : run + "-" + beginning;
  }
}
