package dev.fanfare.dialect.codefresh;

import dev.fanfare.definition.Expr;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Trigger;
import dev.fanfare.definition.Workflow.Concurrency;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What stands around the steps in the wrapper {@code kind: pipeline}; nothing of it elsewhere. */
final class SpecReader {

  /** A build waits no longer for its turn. */
  private static final Duration LONGEST_DELAY = Duration.ofDays(7);

  private static final String UNLIMITED = "unlimited";

  private final Section spec;
  private final Variables variables;
  private final String name;

  SpecReader(Section spec, Variables variables, String name) {
    this.spec = spec;
    this.variables = variables;
    this.name = name;
  }

  private boolean isWrapped() {
    return spec.name().equals("spec");
  }

  void variables() {
    if (!isWrapped()) {
      return;
    }
    for (YamlNode item : spec.items("variables")) {
      spec.section(item, "a variable", "variable").ifPresent(this::variable);
    }
  }

  private void variable(Section section) {
    Optional<String> key = section.text("key");
    String value = section.text("value").orElse("");
    boolean secret = section.flag("encrypted").orElse(false);
    section.close();
    if (key.isEmpty() || !key.get().matches("[A-Za-z_][A-Za-z0-9_]{0,127}")) {
      section.badValue(
          section.span(),
          "the name of a variable is letters, digits and '_', found '" + key.orElse("") + "'",
          "write { key: NAME, value: text }");
    } else if (secret) {
      variables.declareSecret(key.get());
    } else {
      variables.declare(key.get(), value, section.span());
    }
  }

  List<Trigger> triggers(Branches branches) {
    return isWrapped() ? new TriggerReader(spec, variables, branches, name).read() : List.of();
  }

  Optional<Concurrency> concurrency() {
    if (!isWrapped()) {
      return Optional.empty();
    }
    int priority = spec.integer("priority", -100, 100).orElse(0);
    List<Concurrency> found = new ArrayList<>();
    terminations(priority).ifPresent(found::add);
    limited("concurrency", 0, 14, literal(""), priority).ifPresent(found::add);
    limited("branchConcurrency", 1, 15, expression("run.?branch.orValue(\"\")"), priority)
        .ifPresent(found::add);
    limited("triggerConcurrency", 1, 15, expression("run.trigger"), priority).ifPresent(found::add);
    found.stream()
        .skip(1)
        .forEach(
            other ->
                spec.problems()
                    .warning(
                        "one-concurrency",
                        "a workflow has one rule for its runs; this one does not count beside that"
                            + " at "
                            + found.getFirst().span(),
                        other.span(),
                        "keep the one that matters"));
    return found.stream().findFirst();
  }

  private Optional<Concurrency> limited(String key, int min, int max, Template line, int priority) {
    Optional<YamlNode> value = spec.node(key);
    if (value.isEmpty()
        || (value.get() instanceof Scalar scalar && scalar.text().equals(UNLIMITED))) {
      return Optional.empty();
    }
    return spec.integer(key, min, max)
        .map(
            limit ->
                new Concurrency(
                    key(line),
                    limit,
                    Concurrency.Policy.QUEUE,
                    priority,
                    Optional.of(LONGEST_DELAY),
                    spec.keySpan(key)));
  }

  /** A new build that ends older ones; children end with their parents in any case. */
  private Optional<Concurrency> terminations(int priority) {
    Optional<Concurrency> found = Optional.empty();
    for (YamlNode item : spec.items("terminationPolicy")) {
      Optional<Section> policy = spec.section(item, "a termination policy", "termination");
      if (policy.isEmpty()) {
        continue;
      }
      Section each = policy.get();
      boolean creation = each.text("event").map("onCreate"::equals).orElse(true);
      each.text("type");
      boolean every = each.has("ignoreBranch");
      each.text("branchName")
          .ifPresent(
              pattern ->
                  spec.problems()
                      .warning(
                          "key-not-honoured",
                          "'branchName' is not honoured: a new run ends older ones of its branch,"
                              + " whatever it is called",
                          each.keySpan("branchName"),
                          ""));
      each.close();
      if (creation) {
        Template line = every ? literal("") : expression("run.?branch.orValue(\"\")");
        found =
            Optional.of(
                new Concurrency(
                    key(line),
                    1,
                    Concurrency.Policy.CANCEL_OLDER,
                    priority,
                    Optional.empty(),
                    each.span()));
      }
    }
    return found;
  }

  private Template key(Template line) {
    return new Template.Text(List.of(literal("codefresh-" + name + "/"), line), spec.span());
  }

  private static Template literal(String text) {
    return new Template.Literal(text, SourceSpan.NONE);
  }

  private static Template expression(String cel) {
    return new Template.Expression(new Expr(cel, SourceSpan.NONE));
  }
}
