package dev.fanfare.dialect.dagu;

import dev.fanfare.definition.SourceSpan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A step as it stands in the file, before what it reads is known. */
final class Draft {

  /** What does its work. */
  enum Kind {
    SHELL,
    SUB,
    PARALLEL,
    FOREACH,
    HTTP,
    HUMAN,
    /** What a value is, of a router or of outputs that are written down. */
    VALUE,
    OTHER
  }

  final String name;
  final String title;
  final SourceSpan span;

  /** Empty for a step that is nothing but a command. */
  final Optional<Fields> fields;

  /** The command of a step that is nothing else. */
  final String plain;

  final Map<Draft, SourceSpan> needs = new LinkedHashMap<>();

  /** Conditions that routers put on it: the router, and the patterns that lead here. */
  final Map<Draft, List<String>> routes = new LinkedHashMap<>();

  Optional<String> id = Optional.empty();
  Kind kind = Kind.SHELL;

  /** The variable of {@code output: NAME}. */
  Optional<String> variable = Optional.empty();

  boolean repeats;
  boolean approves;

  /** What a person is asked for, which are variables afterwards. */
  final List<String> form = new ArrayList<>();

  /** Whether somebody reads its standard output by a path. */
  boolean stdoutIsRead;

  Draft(String name, String title, Optional<Fields> fields, String plain, SourceSpan span) {
    this.name = name;
    this.title = title;
    this.fields = fields;
    this.plain = plain;
    this.span = span;
  }

  /** The step as expressions read it. */
  String step() {
    return Cel.step(approves ? name + "." + inner("work") : name);
  }

  /** The name of a step inside this one, which is none of those beside it. */
  String inner(String kind) {
    String inner = name + " " + kind;
    return inner.length() <= 128 ? inner : inner.substring(inner.length() - 128).strip();
  }

  /** What its work has yielded, as an optional. */
  String output() {
    return step() + ".?output" + (repeats ? ".?last" : "");
  }

  /** An output by its name, as an optional. */
  String output(String key) {
    return output() + "[?" + Cel.quoted(key) + "]";
  }

  /** The value of its variable, as an optional. */
  String variableValue() {
    return switch (kind) {
      case SHELL -> output(variable.orElse(""));
      case HTTP -> output() + ".?body";
      case PARALLEL -> many("results").replace(".orValue([])", ".orValue([]).distinct()");
      case FOREACH -> many("items");
      case HUMAN -> output() + ".?form";
      case SUB, VALUE, OTHER -> output();
    };
  }

  /**
   * The outcome of many as Dagu writes it: {@code results} of sub-DAGs, {@code items} of bodies.
   */
  private String many(String each) {
    String good = "r.filter(c, c.status == \"succeeded\")";
    return ifEnded(
        ("cel.bind(r, %s.orValue([]), {\"summary\": {\"total\": size(r), \"succeeded\": size(%s),"
                + " \"failed\": size(r) - size(%s)}, \"%s\": r, \"outputs\": %s.map(c, c.outputs)})")
            .formatted(output(), good, good, each, good));
  }

  private String ifEnded(String value) {
    return "("
        + step()
        + ".status in [\"succeeded\", \"failed\"] ? optional.of("
        + value
        + ") : optional.none())";
  }

  /** What is upstream of it, in the order in which variables overwrite each other. */
  List<Draft> upstream() {
    Set<Draft> seen = new LinkedHashSet<>(needs.keySet());
    List<Draft> open = new ArrayList<>(seen);
    for (int i = 0; i < open.size(); i++) {
      for (Draft next : open.get(i).needs.keySet()) {
        if (seen.add(next)) {
          open.add(next);
        }
      }
    }
    return open;
  }
}
