package dev.fanfare.dialect.circleci;

import dev.fanfare.dialect.circleci.Filter.Choice;
import dev.fanfare.dialect.circleci.Filter.Pattern;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads filters: an expression, or patterns of branches and tags. */
final class FilterReader {

  private final Fields fields;

  FilterReader(Fields fields) {
    this.fields = fields;
  }

  Filter filter(Section owner, Scope scope) {
    Optional<YamlNode> node = owner.node("filters");
    if (node.orElse(null) instanceof Scalar scalar) {
      Value value =
          scalar.text().contains("<<")
              ? fields.rendering().value(scalar, scope)
              : fields.rendering().expression(scalar, scope);
      return new Filter.Decided(value.isTruthy(), scalar.text().strip());
    }
    return node.flatMap(written -> owner.section(written, "'filters'", "filters"))
        .map(section -> patterns(section, scope))
        .orElse(Filter.none());
  }

  private Filter patterns(Section section, Scope scope) {
    Filter read =
        new Filter.Patterns(choice(section, "branches", scope), choice(section, "tags", scope));
    section.close();
    return read;
  }

  /** What a key wants; a pattern that is wrong is reported once, here. */
  Optional<Choice> choice(Section owner, String key, Scope scope) {
    return owner
        .section(key, "filter")
        .map(
            section -> {
              Choice choice =
                  new Choice(listed(section, "only", scope), listed(section, "ignore", scope));
              section.close();
              return choice;
            });
  }

  private Optional<List<Pattern>> listed(Section section, String key, Scope scope) {
    return section
        .node(key)
        .map(
            node -> {
              List<Pattern> patterns = new ArrayList<>();
              for (YamlNode item : Section.oneOrMany(node)) {
                if (item instanceof Scalar scalar) {
                  String text = fields.rendering().value(scalar, scope).shown();
                  Pattern pattern = new Pattern(text, scalar.span());
                  pattern.matches("", fields.problems());
                  patterns.add(pattern);
                } else {
                  section.wrongType(item, "'" + key + "'", "a name or a list of names");
                }
              }
              return List.copyOf(patterns);
            });
  }
}
