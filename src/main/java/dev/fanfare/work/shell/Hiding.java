package dev.fanfare.work.shell;

import dev.fanfare.secret.Masker;
import java.util.LinkedHashSet;
import java.util.Set;

/** Covers the values that scripts have hidden: earlier ones, and this one since it began. */
final class Hiding {

  private final Scratch scratch;
  private final Setting setting;

  // Guarded by this.
  private long seen;
  private Masker masker;

  Hiding(Scratch scratch, Setting setting) {
    this.scratch = scratch;
    this.setting = setting;
    this.masker = Masker.of(setting.before().hiddenValues());
  }

  /** What is to be covered now; looks for more only where the script has hidden more. */
  synchronized Masker masker() {
    if (setting.tools().exports().isPresent()) {
      long size = scratch.masked().toFile().length();
      if (size != seen) {
        seen = size;
        Set<String> all = new LinkedHashSet<>(setting.before().hiddenValues());
        all.addAll(Exports.hiddenBy(scratch));
        masker = Masker.of(all);
      }
    }
    return masker;
  }
}
