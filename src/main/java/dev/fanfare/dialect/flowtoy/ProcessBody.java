package dev.fanfare.dialect.flowtoy;

import dev.fanfare.definition.Template;
import dev.fanfare.definition.Timeouts;
import dev.fanfare.definition.Work;
import dev.fanfare.dialect.Problems;
import dev.fanfare.dialect.flowtoy.jinja.Jinja;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A step of a {@code process} source: a script with one command in it.
 *
 * <p>Values reach it as variables of its environment and never become a part of its text. It runs
 * in the folder of the file, as flowtoy's processes do when they are started there.
 */
final class ProcessBody {

  private static final String FOLDER = "cd \"${FANFARE_SOURCE:-$FANFARE_WORKSPACE}\"";

  private final Texts texts;
  private final FlowNames names;
  private final Problems problems;
  private final Map<String, Template> env = new LinkedHashMap<>();

  ProcessBody(Texts texts, FlowNames names, Problems problems) {
    this.texts = texts;
    this.names = names;
    this.problems = problems;
  }

  Made of(FlowStep step, Source source, StepInput input) {
    Optional<YamlNode> command = input.get("command").or(() -> source.get("command"));
    if (command.isEmpty()) {
      problems.error(
          "missing-key",
          "the step '" + step.name() + "' has no command",
          step.span(),
          "give command in the configuration of its source, or under 'input'");
      return Made.of(new Work.Pass(Optional.empty()));
    }
    String passTo = source.scalar("pass_to").map(Scalar::text).orElse("arg");
    if (passTo.equals("template")) {
      names.see(input.payload());
    }
    String line = command.get() instanceof Sequence list ? list(list) : line(command.get());
    if (passTo.equals("arg") && input.payload().isPresent()) {
      line = line + " " + variable("FLOW_INPUT", input.payload().template());
    }
    Optional<Template> stdin = stdin(input, passTo);
    String script = line;
    if (stdin.isPresent()) {
      script = "printf %s " + variable("FLOW_STDIN", stdin.get()) + " | {\n" + line + "\n}";
    }
    return new Made(
        new Work.Run(
            List.of(FOLDER + "\n" + script), Optional.empty(), Optional.empty(), Optional.empty()),
        env,
        timeouts(source));
  }

  private Optional<Template> stdin(StepInput input, String passTo) {
    Optional<Template> written = input.scalar("stdin").map(texts::text);
    return written.isPresent() || !passTo.equals("stdin") || !input.payload().isPresent()
        ? written
        : Optional.of(input.payload().template());
  }

  private static Timeouts timeouts(Source source) {
    return source
        .scalar("timeout")
        .flatMap(ProcessBody::seconds)
        .map(
            limit ->
                new Timeouts(
                    Optional.of(limit), Optional.empty(), Optional.empty(), Optional.empty()))
        .orElse(Timeouts.NONE);
  }

  private static Optional<Duration> seconds(Scalar scalar) {
    try {
      double seconds = Double.parseDouble(scalar.text().strip());
      return seconds > 0 && seconds <= 1e9
          ? Optional.of(Duration.ofMillis(Math.max(1, Math.round(seconds * 1000))))
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Each word as it is. */
  private String list(Sequence list) {
    List<String> words = new ArrayList<>();
    for (YamlNode item : list.items()) {
      if (item instanceof Scalar scalar && !Section.isNull(scalar)) {
        words.add(
            Jinja.isPlain(scalar.text())
                ? quoted(scalar.text())
                : variable("FLOW_ARG_" + words.size(), texts.text(scalar)));
      }
    }
    return String.join(" ", words);
  }

  /** A line of the shell, in which values stand as variables, whatever quotes are around them. */
  private String line(YamlNode node) {
    if (!(node instanceof Scalar scalar)) {
      return ":";
    }
    if (Jinja.isPlain(scalar.text())) {
      return scalar.text().strip();
    }
    StringBuilder line = new StringBuilder();
    ShellQuotes quotes = new ShellQuotes();
    for (Jinja.Part part : texts.parts(scalar).orElse(List.of())) {
      switch (part) {
        case Jinja.Part.Written written -> {
          line.append(written.text());
          quotes.pass(written.text());
        }
        case Jinja.Part.Computed computed -> {
          String name = "FLOW_ARG_" + env.size();
          env.put(name, computed.expression());
          line.append(quotes.inside(name));
        }
      }
    }
    return line.toString().strip();
  }

  private String variable(String name, Template value) {
    env.put(name, value);
    return "\"$" + name + "\"";
  }

  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }
}
