package dev.fanfare.dialect;

import dev.fanfare.dialect.yaml.YamlNode;
import java.util.List;
import java.util.Optional;

/**
 * A file that is to be read.
 *
 * @param name the last part of its path, for formats that live in files of a fixed name
 * @param documents its YAML documents, of any shape, at least one
 * @param variant what follows the colon in {@code --dialect name:variant}
 * @param inputs what the run brings
 */
public record SourceFile(
    String name, List<YamlNode> documents, Optional<String> variant, ImportInputs inputs) {

  public SourceFile {
    documents = List.copyOf(documents);
  }

  /** The first document. */
  public YamlNode root() {
    return documents.getFirst();
  }

  /** The name without {@code .yaml} or {@code .yml}. */
  public String baseName() {
    return name.replaceFirst("\\.ya?ml$", "");
  }
}
