package dev.fanfare.graph;

import dev.fanfare.definition.OnFailure;
import dev.fanfare.definition.Output;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.Structure;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Work;
import dev.fanfare.graph.SecretRules.Place;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Every template that a node carries, with the names it may use besides those of its place. */
final class NodeTemplates {

  /**
   * One template.
   *
   * @param extraNames names that only this place has
   * @param early whether it is evaluated before anything inside the node starts
   * @param place what becomes of its value
   * @param asked whether it is a condition that is asked until it holds
   */
  record Used(
      Template template, Set<String> extraNames, boolean early, Place place, boolean asked) {
    Used(Template template, Set<String> extraNames) {
      this(template, extraNames, false, Place.STORED, false);
    }

    Used(Template template, Set<String> extraNames, boolean early, Place place) {
      this(template, extraNames, early, place, false);
    }
  }

  /** What can be read of a step that has ended, where it is asked about its end. */
  static final Set<String> ENDED = Set.of("error", "exitCode", "status", "output");

  private static final Set<String> ITEM = Set.of("item", "index", "output", "status", "error");

  private final List<Used> used = new ArrayList<>();

  private NodeTemplates() {}

  static List<Used> of(NodeDraft node) {
    NodeTemplates templates = new NodeTemplates();
    Step step = node.step;
    boolean asked = node.waitsForCondition();
    node.when.ifPresent(
        when -> templates.used.add(new Used(when, Set.of(), true, Place.STORED, asked)));
    if (node.role != Node.Role.INSTANCE) {
      step.onFailure().ifPresent(templates::addOnFailure);
    }
    if (node.role != Node.Role.FAN) {
      templates.addAll(step.env().values(), Place.TEXT);
      templates.add(step.idempotencyKey());
      templates.add(step.lock().map(Step.Lock::key));
      templates.add(step.cache().map(Step.Cache::key));
      step.outputs().values().forEach(templates::addOutput);
    }
    switch (node.shape) {
      case Shape.Leaf leaf -> templates.addWork(leaf.work());
      case Shape.Parallel parallel -> templates.addParallel(parallel.definition());
      case Shape.Race race -> templates.add(race.definition().timeoutOutput());
      case Shape.ForEach forEach -> templates.addForEach(node, forEach);
      case Shape.Matrix ignored -> templates.addEarly(step.maxParallel());
      case Shape.Loop loop -> {
        loop.definition().doWhile().ifPresent(templates::addLoopCondition);
        loop.definition().until().ifPresent(templates::addLoopCondition);
      }
      case Shape.Switch ignored -> {}
      case Shape.Sequence ignored -> {}
    }
    return templates.used;
  }

  private void addForEach(NodeDraft node, Shape.ForEach forEach) {
    addEarly(Optional.of(forEach.definition().items()));
    addEarly(forEach.definition().batch());
    addEarly(node.step.maxParallel());
    String as = forEach.definition().as();
    Set<String> item = as.equals("item") ? ITEM : with(ITEM, as);
    forEach.definition().key().ifPresent(key -> used.add(new Used(key, item, true, Place.STORED)));
    forEach.definition().collect().ifPresent(collect -> used.add(new Used(collect, item)));
  }

  private void addLoopCondition(Template condition) {
    used.add(new Used(condition, Shape.Loop.NAMES));
  }

  private static Set<String> with(Set<String> names, String name) {
    Set<String> more = new java.util.HashSet<>(names);
    more.add(name);
    return more;
  }

  private void addParallel(Structure.Parallel parallel) {
    addEarly(parallel.maxParallel());
    if (parallel.success() instanceof Structure.Success.When when) {
      add(Optional.of(when.condition()));
    }
  }

  private void addWork(Work work) {
    switch (work) {
      case Work.Run run -> {
        add(run.workdir());
        addAll(run.replaced().values(), Place.TEXT);
      }
      case Work.Http http -> {
        addAll(List.of(http.url()), Place.TEXT);
        addAll(http.headers().values(), Place.TEXT);
        addAll(http.query().values(), Place.TEXT);
        addAll(http.body().stream().toList(), Place.VALUE);
      }
      case Work.Lambda lambda -> {
        add(Optional.of(lambda.function()));
        addAll(List.of(lambda.payload()), Place.VALUE);
      }
      case Work.Call call -> addAll(List.of(call.with()), Place.VALUE);
      case Work.SubWorkflow sub -> {
        add(Optional.of(sub.workflow()));
        addAll(sub.params().values(), Place.STORED);
      }
      case Work.Approval approval -> add(Optional.of(approval.message()));
      case Work.WaitFor waitFor -> {
        add(waitFor.event());
        waitFor.match().ifPresent(match -> used.add(new Used(match, Set.of("event"))));
      }
      case Work.Sleep sleep -> add(Optional.of(sleep.duration()));
      case Work.Pass pass -> add(pass.output());
    }
  }

  private void addOutput(Output output) {
    switch (output) {
      case Output.Stdout ignored -> {}
      case Output.Data ignored -> {}
      case Output.File file -> add(Optional.of(file.path()));
      case Output.Json json -> add(Optional.of(json.path()));
      case Output.Value value -> used.add(new Used(value.value(), Set.of("output")));
    }
  }

  private void addOnFailure(OnFailure onFailure) {
    onFailure.when().ifPresent(when -> used.add(new Used(when, ENDED)));
    onFailure.output().ifPresent(output -> used.add(new Used(output, ENDED)));
  }

  private void add(Optional<Template> template) {
    template.ifPresent(present -> used.add(new Used(present, Set.of())));
  }

  private void addEarly(Optional<Template> template) {
    template.ifPresent(present -> used.add(new Used(present, Set.of(), true, Place.STORED)));
  }

  private void addAll(Collection<Template> templates, Place place) {
    templates.forEach(template -> used.add(new Used(template, Set.of(), false, place)));
  }
}
