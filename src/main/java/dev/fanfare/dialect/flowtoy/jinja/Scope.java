package dev.fanfare.dialect.flowtoy.jinja;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Variables that the template itself has made, and what they are called in CEL. */
final class Scope {

  static final Scope EMPTY = new Scope(Map.of());

  private final Map<String, Cel> variables;

  private Scope(Map<String, Cel> variables) {
    this.variables = variables;
  }

  Optional<Cel> find(String name) {
    return Optional.ofNullable(variables.get(name));
  }

  Scope with(String name, Cel cel) {
    Map<String, Cel> more = new HashMap<>(variables);
    more.put(name, cel);
    return new Scope(more);
  }

  /** The name of a variable in CEL, which no name of Fanfare's can be. */
  static String variable(String name) {
    StringBuilder legal = new StringBuilder("v_");
    name.codePoints()
        .forEach(
            c -> {
              if (c < 0x80) {
                legal.appendCodePoint(c);
              } else {
                legal.append('u').append(Integer.toHexString(c));
              }
            });
    return legal.toString();
  }
}
