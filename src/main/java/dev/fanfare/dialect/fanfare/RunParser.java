package dev.fanfare.dialect.fanfare;

import dev.fanfare.definition.Work;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Shell commands: a text or a list of them, with {@code shell}, {@code workdir} and {@code image}
 * beside.
 *
 * <p>An expression in the text of a command is refused: values reach a script as environment
 * variables, where no value can become code.
 */
final class RunParser {

  private final Values values;

  RunParser(Values values) {
    this.values = values;
  }

  Work run(YamlNode node, Fields step) {
    List<YamlNode> items = node instanceof Sequence list ? list.items() : List.of(node);
    if (items.isEmpty()) {
      values.wrongType(node, "'run'", "a command or a list of commands", "");
    }
    List<String> commands = new ArrayList<>();
    for (YamlNode item : items) {
      command(item).ifPresent(commands::add);
    }
    step.node("workdir").ifPresent(path -> Paths.checkFolder(path, "'workdir'", values));
    return new Work.Run(
        commands, step.literal("shell"), step.text("workdir"), step.literal("image"));
  }

  private Optional<String> command(YamlNode node) {
    if (!(node instanceof Scalar scalar) || scalar.isNull() || scalar.text().isBlank()) {
      values.wrongType(node, "'run'", "a command or a list of commands", "");
      return Optional.empty();
    }
    StringBuilder command = new StringBuilder();
    for (ExpressionText.Part part : ExpressionText.split(scalar.text())) {
      if (part instanceof ExpressionText.Part.Plain plain) {
        command.append(plain.text());
      } else {
        values
            .problems()
            .error(
                "expression-in-script",
                "a command cannot contain an expression",
                scalar.cursor().at(part.start()),
                "values never become code: put it under 'env' and read the variable, as in $NAME");
        return Optional.empty();
      }
    }
    return Optional.of(command.toString());
  }
}
