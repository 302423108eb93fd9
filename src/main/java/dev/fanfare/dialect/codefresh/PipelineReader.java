package dev.fanfare.dialect.codefresh;

import dev.fanfare.definition.Expr;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.Structure.Success;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Workflow;
import dev.fanfare.definition.WorkflowDraft;
import dev.fanfare.dialect.Problems;
import dev.fanfare.dialect.SourceFile;
import dev.fanfare.dialect.key.Ledger;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A whole file. */
final class PipelineReader {

  private static final Pattern IN_SHELL = Pattern.compile("\\$\\{?([A-Z][A-Z0-9_]*)\\b");
  private static final int MAX_NAME = 128;

  private final SourceFile file;
  private final Ledger ledger;
  private final Problems problems;

  PipelineReader(SourceFile file, Ledger ledger) {
    this.file = file;
    this.ledger = ledger;
    this.problems = ledger.problems();
  }

  Workflow read(Mapping map) {
    if (!CodefreshDialect.isWrapped(map)) {
      Section root = ledger.open("root", map);
      version(root);
      return pipeline(root, file.baseName(), "");
    }
    Section root = ledger.open("pipeline", map);
    version(root);
    root.text("kind");
    Optional<Section> metadata = root.section("metadata", "metadata");
    String name = metadata.flatMap(each -> each.text("name")).orElseGet(file::baseName);
    String description = metadata.flatMap(each -> each.text("description")).orElse("");
    metadata.ifPresent(Section::close);
    Section spec = root.section("spec", "spec").orElseGet(() -> ledger.open("spec", empty(map)));
    Workflow workflow = pipeline(spec, name, description);
    root.close();
    return workflow;
  }

  private static Mapping empty(Mapping like) {
    return new Mapping(List.of(), like.span());
  }

  private void version(Section root) {
    Optional<YamlNode> version = root.node("version");
    boolean good =
        version.orElse(null) instanceof Scalar scalar
            && (scalar.value() instanceof String
                ? !scalar.text().isBlank()
                : scalar.value() instanceof Number number && number.doubleValue() > 0);
    if (!good) {
      problems.error(
          version.isPresent() ? "bad-value" : "missing-key",
          version.isPresent()
              ? "'version' must be a positive number or a text"
              : "there is no 'version'",
          version.map(YamlNode::span).orElse(root.span()),
          "write version: '1.0'");
    }
  }

  private Workflow pipeline(Section section, String written, String description) {
    boolean parallel = mode(section);
    StepIndex index = new StepIndex(ledger);
    Optional<YamlNode> steps = section.node("steps");
    if (steps.orElse(null) instanceof Mapping map && !map.entries().isEmpty()) {
      index.add(map);
    } else {
      problems.error(
          steps.isPresent() ? "no-steps" : "missing-key",
          steps.isPresent() ? "'steps' names no step" : "there are no 'steps'",
          steps.map(YamlNode::span).orElse(section.span()),
          "write steps: { hello: { image: alpine, commands: [echo hello] } }");
      steps.ifPresent(ledger::settleAll);
    }
    boolean clones = mainClone(index, steps);
    StepViews views = new StepViews(index, parallel, new Folders(index, file.inputs()));
    Variables variables = new Variables(file.inputs(), views, new Exports(index, parallel));
    String name = legal(written);
    SpecReader spec = new SpecReader(section, variables, name);
    spec.variables();
    Context open = new Context(ledger, variables, true, false);
    boolean failFast = open.flag(section, "fail_fast").orElse(true);
    boolean strict = open.flag(section, "strict_fail_fast").orElse(false);
    Context context = new Context(ledger, variables, failFast, false);
    section.texts("stages");
    section.text("build_version");
    section.free("indicators");
    steps.ifPresent(node -> scalars(node, scalar -> mentions(scalar, variables)));
    WorkflowDraft draft = WorkflowDraft.of(name, steps(context, clones), section.span());
    Optional<Success> success = criteria(context, section, draft, parallel);
    draft
        .description(description)
        .order(parallel ? Workflow.Order.GRAPH : Workflow.Order.SEQUENCE)
        .onFailure(Workflow.OnRunFailure.ABORT)
        .tolerated(
            strict && success.isEmpty() ? Workflow.Tolerated.FAILED : Workflow.Tolerated.SUCCEEDED)
        .hooks(new HooksReader(context, new StepReader(context)).read(section, null))
        .concurrency(spec.concurrency())
        .triggers(spec.triggers(new Branches(context)))
        .workspace(Workflow.WorkspaceMode.UNSAID)
        .env(environment(variables))
        .params(variables.params())
        .secrets(List.copyOf(variables.secrets()));
    section.close();
    return draft.workflow();
  }

  private boolean mode(Section section) {
    String mode = section.text("mode").orElse("sequential");
    if (!mode.equals("sequential") && !mode.equals("parallel")) {
      problems.error(
          "bad-value",
          "'mode' cannot be '" + mode + "'",
          section.keySpan("mode"),
          "it is sequential or parallel");
    }
    return mode.equals("parallel");
  }

  private static String legal(String name) {
    String plain = name.replaceAll("[^A-Za-z0-9._-]", "-");
    String first = plain.matches("[A-Za-z0-9].*") ? plain : "p" + plain;
    return first.length() <= MAX_NAME ? first : first.substring(0, MAX_NAME);
  }

  /** The reserved step {@code main_clone}, where the file names it and does not have it. */
  private boolean mainClone(StepIndex index, Optional<YamlNode> steps) {
    List<Scalar> naming = new ArrayList<>();
    steps.ifPresent(
        node ->
            scalars(
                node,
                scalar -> {
                  boolean variable = scalar.text().contains("{{" + Folders.MAIN);
                  if (variable || scalar.text().equals(Folders.MAIN)) {
                    naming.add(scalar);
                  }
                }));
    if (naming.isEmpty() || index.find(Folders.MAIN).isPresent()) {
      return false;
    }
    Scalar like = naming.getFirst();
    problems.info(
        "implicit-clone",
        "'main_clone' stands for the clone of the pipeline's own repository, which comes first",
        like.span(),
        "it copies the folder of this file, or clones CF_REPO_OWNER/CF_REPO_NAME where they are"
            + " given");
    List<YamlNode.Entry> keys = new ArrayList<>();
    keys.add(entry("type", "git-clone", like));
    keys.add(entry("repo", "${{CF_REPO_OWNER}}/${{CF_REPO_NAME}}", like));
    keys.add(entry("revision", "${{CF_REVISION}}", like));
    index.addFirst(Folders.MAIN, new Mapping(keys, like.span()));
    return true;
  }

  private static YamlNode.Entry entry(String key, String text, Scalar like) {
    Scalar value = new Scalar(text, text, like.style(), like.span(), like.source());
    return new YamlNode.Entry(key, like.span(), value);
  }

  private List<Step> steps(Context context, boolean clones) {
    List<StepNode> top = context.index().top();
    List<Step> steps = new ArrayList<>();
    if (clones) {
      // Nobody has written its keys: they are on no account.
      Ledger apart = new Ledger(Keys.TABLE, problems);
      Context own = new Context(apart, context.variables(), context.failFast(), context.inHook());
      steps.addAll(new StepReader(own).steps(top.subList(0, 1)));
    }
    steps.addAll(new StepReader(context).steps(clones ? top.subList(1, top.size()) : top));
    return steps;
  }

  /**
   * Criteria at the root. What does not count is tolerated; a condition is looked at by a step
   * behind all others.
   */
  private Optional<Success> criteria(
      Context context, Section section, WorkflowDraft draft, boolean parallel) {
    List<StepNode> top = context.index().top();
    Optional<Success> success =
        new Criteria(context, new Whens(context))
            .read(section, top, Place.of(null, Place.Moment.AFTER));
    success.ifPresent(
        found -> draft.steps(RootCriteria.applied(found, draft.workflow().steps(), parallel)));
    return success;
  }

  private void mentions(Scalar scalar, Variables variables) {
    Matcher name = IN_SHELL.matcher(scalar.text());
    while (name.find()) {
      variables.mention(name.group(1), scalar.span());
    }
  }

  private static Map<String, Template> environment(Variables variables) {
    Map<String, Template> env = new LinkedHashMap<>();
    Place place = Place.of(null, Place.Moment.BEFORE);
    BuiltIns.ALWAYS.forEach(name -> env.put(name, expression(BuiltIns.find(name).orElseThrow())));
    for (String name : List.copyOf(variables.params().keySet())) {
      boolean built = BuiltIns.find(name).isPresent();
      if (built || (variables.isGiven(name) && name.matches("[A-Za-z_][A-Za-z0-9_]*"))) {
        env.put(name, expression(variables.orNull(name, place)));
      }
    }
    variables.secrets().forEach(name -> env.put(name, expression("secrets." + name)));
    return env;
  }

  private static Template expression(String cel) {
    return new Template.Expression(new Expr(cel, dev.fanfare.definition.SourceSpan.NONE));
  }

  private static void scalars(YamlNode node, Consumer<Scalar> each) {
    switch (node) {
      case Scalar scalar -> each.accept(scalar);
      case Sequence list -> list.items().forEach(item -> scalars(item, each));
      case Mapping map -> map.entries().forEach(entry -> scalars(entry.value(), each));
    }
  }
}
