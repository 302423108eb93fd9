package dev.fanfare.dialect.circleci;

import dev.fanfare.definition.Expr;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Template;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Contexts as secrets: each is one, of the context's name, whose value are lines {@code
 * NAME=VALUE}. What variables a context has is in no file, so they come together.
 */
final class Contexts {

  private final Set<String> names = new LinkedHashSet<>();

  /** The names of the secrets. */
  List<String> secrets() {
    return List.copyOf(names);
  }

  /** What hands a context's value over. */
  Template secret(String context) {
    String name = context.replaceAll("[^A-Za-z0-9_]", "_").replaceFirst("^([0-9])", "_$1");
    names.add(name);
    return new Template.Expression(new Expr("secrets." + name, SourceSpan.NONE));
  }
}
