package dev.fanfare.dialect;

import dev.fanfare.dialect.key.KeyTable;

/** One way to write workflows. An importer per foreign dialect, each in a package of its own. */
public interface Dialect {

  /** The name for {@code --dialect}, in lower case. */
  String name();

  /** What becomes of each key of the dialect; empty for Fanfare's own, where each is supported. */
  default KeyTable keys() {
    return KeyTable.NONE;
  }

  /** Whether a file may consist of several YAML documents. */
  default boolean manyDocuments() {
    return false;
  }

  /** Whether a file looks like one of this dialect. */
  boolean detects(SourceFile file);

  /** Reads a file. Whatever is wrong with it is in the result; nothing is thrown. */
  Imported read(SourceFile file);
}
