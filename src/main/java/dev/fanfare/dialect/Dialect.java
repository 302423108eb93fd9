package dev.fanfare.dialect;

import dev.fanfare.dialect.yaml.YamlNode;
import java.util.Optional;

/** One way to write workflows. An importer per foreign dialect, each in a package of its own. */
public interface Dialect {

  /** The name for {@code --dialect}, in lower case. */
  String name();

  /**
   * Whether a file looks like one of this dialect.
   *
   * @param fileName the last part of its path, for formats that live in files of a fixed name
   */
  boolean detects(String fileName, YamlNode root);

  /**
   * Reads a file.
   *
   * @param root the file's value, of any shape
   * @param variant what follows the colon in {@code --dialect name:variant}
   */
  Imported read(String fileName, YamlNode root, Optional<String> variant);
}
