package dev.fanfare.work.files;

import dev.fanfare.definition.Outcome;
import java.nio.file.Path;

/** An attempt in its folder. Blocks. */
interface Stay {

  Path folder();

  /**
   * The work has ended by itself: what it left is kept, and its outcome is that, or the failure to
   * keep it.
   */
  Outcome finish(Outcome outcome);

  /** Nobody needs the folder any more. May be called more than once. */
  void leave();
}
