package dev.fanfare.dialect.circleci;

import dev.fanfare.definition.Nearest;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.dialect.circleci.Library.Found;
import dev.fanfare.dialect.circleci.Library.Kind;
import dev.fanfare.dialect.circleci.Parameters.Argument;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The steps of a job: commands put in their places, conditions decided. */
final class StepReader {

  /** Commands in commands, and conditions in conditions. */
  private static final int MAX_DEPTH = 50;

  /** Steps of one job, which commands that call each other can multiply. */
  private static final int MAX_STEPS = 2_000;

  private final Fields fields;
  private final Parameters parameters;
  private final BuiltInSteps builtIn;
  private final boolean checking;
  private final List<Action> actions = new ArrayList<>();
  private int depth;
  private int calls;
  private boolean full;
  private SourceSpan at = SourceSpan.NONE;

  StepReader(Fields fields, Parameters parameters, String shell, boolean checking) {
    this.fields = fields;
    this.parameters = parameters;
    this.builtIn = new BuiltInSteps(fields, shell);
    this.checking = checking;
  }

  List<Action> actions() {
    return actions;
  }

  /** Appends the steps of a list; a parameter of type steps may stand for the list, or in it. */
  void read(YamlNode list, Library library, Scope scope) {
    switch (list) {
      case Sequence sequence -> sequence.items().forEach(item -> step(item, library, scope));
      case Scalar scalar -> handedOver(scalar, library, scope);
      case Mapping map -> wrong(map, "steps are a list");
    }
  }

  private void handedOver(Scalar scalar, Library library, Scope scope) {
    if (scalar.isNull()) {
      return;
    }
    Value value = fields.rendering().value(scalar, scope);
    if (value instanceof Value.Steps steps) {
      steps(steps, library);
    } else if (!(value instanceof Value.Nothing)) {
      wrong(scalar, "steps are a list");
    }
  }

  private void steps(Value.Steps steps, Library library) {
    if (enter(at)) {
      steps.nodes().forEach(node -> step(node, library, steps.scope()));
    }
    depth--;
  }

  private void step(YamlNode node, Library library, Scope scope) {
    at = node.span();
    if (full) {
      fields.ledger().settleAll(node);
      return;
    }
    switch (node) {
      case Scalar scalar -> named(scalar, library, scope);
      case Mapping map -> {
        Section section = fields.ledger().open("steps", map);
        if (map.entries().size() != 1) {
          wrong(map, "a step is one key, found " + map.entries().size());
        } else {
          Entry entry = map.entries().getFirst();
          section.read(entry);
          keyed(entry.key(), entry, library, scope);
        }
      }
      case Sequence list -> wrong(list, "a step is a name or a mapping");
    }
  }

  private void named(Scalar scalar, Library library, Scope scope) {
    Value value = fields.rendering().value(scalar, scope);
    if (value instanceof Value.Steps steps) {
      steps(steps, library);
    } else if (value instanceof Value.Text text) {
      Entry bare = new Entry(text.text(), scalar.span(), new Mapping(List.of(), scalar.span()));
      keyed(text.text(), bare, library, scope);
    } else if (!(value instanceof Value.Nothing)) {
      wrong(scalar, "a step is a name or a mapping");
    }
  }

  private void keyed(String name, Entry entry, Library library, Scope scope) {
    Found found = library.find(Kind.COMMAND, name);
    switch (found) {
      case Found.Defined command -> command(name, entry, command, scope);
      case Found.External external -> external(external, entry);
      case Found.Missing ignored when name.equals("when") || name.equals("unless") ->
          conditional(name, entry, library, scope);
      case Found.Missing ignored -> {
        if (!builtIn.read(name, entry, scope, this::add)) {
          fields.ledger().settleAll(entry.value());
          unknown(name, entry, library);
        }
      }
    }
  }

  private void add(Action action) {
    if (actions.size() < MAX_STEPS) {
      actions.add(action);
    } else {
      tooMany(at);
    }
  }

  private void tooMany(SourceSpan span) {
    if (!full) {
      full = true;
      fields
          .problems()
          .error("too-many-steps", "a job has more than " + MAX_STEPS + " steps", span, "");
    }
  }

  private void unknown(String name, Entry entry, Library library) {
    List<String> known = new ArrayList<>(library.names(Kind.COMMAND));
    known.addAll(fields.ledger().table().keys("steps"));
    fields
        .problems()
        .error(
            "unknown-command",
            "there is no step or command '" + name + "'",
            entry.keySpan(),
            () ->
                Nearest.to(name, known)
                    .map(near -> "did you mean '" + near + "'?")
                    .orElse("define it under commands"));
  }

  private void external(Found.External external, Entry entry) {
    fields.ledger().settleAll(entry.value());
    fields
        .problems()
        .error(
            "orb-not-fetched",
            "the command '"
                + external.orb()
                + "/"
                + external.name()
                + "' is in the orb "
                + external.source()
                + ", which is not downloaded, and the job means something else"
                + " without it",
            entry.keySpan(),
            "write the orb out under orbs (circleci orb source prints it), or the steps that it"
                + " stands for");
  }

  private void command(String name, Entry entry, Found.Defined command, Scope scope) {
    if (!(command.entry().value() instanceof Mapping map)) {
      wrong(command.entry().value(), "a command is a mapping with steps");
      return;
    }
    if (enter(entry.keySpan())) {
      Section section = fields.ledger().open("command", map);
      section.node("description");
      Map<String, Parameter> declared = parameters.declared(section, false);
      String what = "the command '" + name + "'";
      Scope inside =
          parameters.bind(what, declared, arguments(entry, scope), scope, entry.keySpan());
      if (!section.has("steps")) {
        fields.missing(what, "steps", command.entry().keySpan());
      }
      section
          .node("steps")
          .filter(any -> !checking)
          .ifPresent(steps -> read(steps, command.home(), inside));
      section.close();
    }
    depth--;
  }

  /** The arguments of a call: a mapping of names; nothing is none. */
  private Map<String, Argument> arguments(Entry call, Scope scope) {
    Map<String, Argument> arguments = new LinkedHashMap<>();
    if (call.value() instanceof Mapping map) {
      Section section = fields.ledger().open("arguments", map);
      for (Entry entry : map.entries()) {
        section.read(entry);
        arguments.put(entry.key(), new Argument.Written(entry.value(), scope, entry.keySpan()));
      }
    } else if (!Section.isNull(call.value())) {
      wrong(call.value(), "the arguments of a command are a mapping");
    }
    return arguments;
  }

  private void conditional(String name, Entry entry, Library library, Scope scope) {
    if (!(entry.value() instanceof Mapping map)) {
      wrong(entry.value(), "'" + name + "' needs condition and steps");
      return;
    }
    if (enter(entry.keySpan())) {
      Section section = fields.ledger().open("conditional", map);
      boolean holds =
          section
              .node("condition")
              .map(condition -> new Logic(fields, scope).holds(condition, false))
              .orElse(false);
      if (!section.has("condition")) {
        fields.missing("'" + name + "'", "condition", entry.keySpan());
      }
      section
          .node("steps")
          .ifPresent(steps -> choose(steps, holds == name.equals("when"), library, scope));
      section.close();
    }
    depth--;
  }

  /** Steps that do not run are looked at all the same, so that no key goes without a word. */
  private void choose(YamlNode steps, boolean taken, Library library, Scope scope) {
    if (taken || checking) {
      read(steps, library, scope);
      return;
    }
    Fields shadow = fields.shadow();
    new StepReader(shadow, new Parameters(shadow, true), "", true).read(steps, library, scope);
    fields.ledger().settleAll(steps);
  }

  private boolean enter(SourceSpan span) {
    if (++depth <= MAX_DEPTH && ++calls <= MAX_STEPS) {
      return true;
    }
    if (calls > MAX_STEPS) {
      tooMany(span);
      return false;
    }
    fields
        .problems()
        .error(
            "too-deep",
            "commands and conditions are nested more than " + MAX_DEPTH + " levels deep here",
            span,
            "does a command call itself?");
    return false;
  }

  private void wrong(YamlNode node, String expected) {
    fields.ledger().settleAll(node);
    fields
        .problems()
        .error("wrong-type", expected + ", found " + Section.describe(node), node.span(), "");
  }
}
