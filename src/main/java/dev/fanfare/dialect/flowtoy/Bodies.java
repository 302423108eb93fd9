package dev.fanfare.dialect.flowtoy;

import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Work;
import dev.fanfare.dialect.Problems;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the steps do. */
final class Bodies {

  private final Map<String, FlowStep> steps;
  private final Sources sources;
  private final Set<String> secrets;
  private final Problems problems;

  Bodies(Map<String, FlowStep> steps, Sources sources, Set<String> secrets, Problems problems) {
    this.steps = steps;
    this.sources = sources;
    this.secrets = secrets;
    this.problems = problems;
  }

  /**
   * What a step does.
   *
   * @param into takes up the steps that it reads, and where
   */
  Made of(FlowStep step, Map<String, SourceSpan> into) {
    FlowNames names = new FlowNames(steps, sources, secrets, problems);
    Texts texts = new Texts(names, problems);
    if (step.source().isEmpty()) {
      step.section().free("input");
      step.section().close();
      return Made.of(new Work.Pass(Optional.empty()));
    }
    Source source = step.source().get();
    StepInput input = StepInput.of(step.section(), source, texts);
    step.section().close();
    Made made =
        switch (source.provider()) {
          case REST -> new RestBody(texts, problems).of(step, source, input);
          case PROCESS -> new ProcessBody(texts, names, problems).of(step, source, input);
          case ENV -> env(step, input);
          case PLUGIN -> plugin(step, source, input, texts);
        };
    names.reads().forEach(into::putIfAbsent);
    return made;
  }

  private Made env(FlowStep step, StepInput input) {
    secrets.addAll(step.variables());
    if (input.payload().isPresent()) {
      problems.warning(
          "input-unused",
          "nothing takes the input of the step '" + step.name() + "'",
          input.payload().span(),
          "a source of the type env has none");
    }
    return EnvBody.of(step);
  }

  private Made plugin(FlowStep step, Source source, StepInput input, Texts texts) {
    problems.warning(
        "plugin-source",
        "a source of the type '" + source.type() + "' is a plugin of flowtoy",
        source.span(),
        "a Java step named '"
            + source.type()
            + "' is called, with the configuration and the input; supply one");
    Map<String, Template> with = new LinkedHashMap<>();
    Map<String, Template> configuration = new LinkedHashMap<>();
    for (Entry entry : source.entries()) {
      configuration.put(entry.key(), texts.value(entry.value()));
    }
    with.put("configuration", new Template.Entries(configuration, source.span()));
    if (input.payload().isPresent()) {
      with.put("input", input.payload().template());
    }
    return Made.of(new Work.Call(source.type(), new Template.Entries(with, step.span())));
  }

  /** Looks at the templates of sources that no step calls. */
  void checkUnused() {
    FlowNames nobody = new FlowNames(steps, sources, secrets, problems);
    Texts texts = new Texts(nobody, problems);
    nobody.see(Payload.NONE);
    for (Source source : sources.unused()) {
      source.entries().forEach(entry -> texts.value(entry.value()));
    }
  }
}
