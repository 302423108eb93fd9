package dev.fanfare.dsl;

import static dev.fanfare.dsl.Emitter.expression;
import static dev.fanfare.dsl.Emitter.map;
import static dev.fanfare.dsl.Emitter.output;

import dev.fanfare.dsl.Emitter.Position;
import dev.fanfare.dsl.Part.Branch;
import dev.fanfare.dsl.Part.Draft;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What each kind of step becomes. Steps that are added have names with a blank. */
final class Structures {

  private static final int MOST_TURNS = 1000;

  private final Emitter emitter;
  private final Set<String> javaFlows;

  /**
   * @param javaFlows workflows that take their payload as the parameter of that name
   */
  Structures(Emitter emitter, Set<String> javaFlows) {
    this.emitter = emitter;
    this.javaFlows = javaFlows;
  }

  /** The step without what surrounds it. */
  Map<String, Object> work(Draft draft, Position at) {
    return switch (draft.part) {
      case Part.Call call ->
          emitter.call(draft.name, Answers.retried(draft, call.function()), at, Map.of());
      case Part.Group group -> group(draft, group, at);
      case Part.Choice choice -> choice(draft, choice, at);
      case Part.While loop -> loop(draft, loop, at);
      case Part.Each each -> each(draft, each, at);
      case Part.Human human -> human(draft, human.options(), at);
      case Part.Pause pause -> {
        Map<String, Object> steps = waiting(draft, pause.action(), map("callback", true), at);
        steps.put("the answer", Emitter.result(output("the pause") + "[0]"));
        yield map("sequence", map("steps", steps));
      }
      case Part.Sleep sleep -> map("sleep", sleep.text());
      case Part.ComputedSleep sleep -> {
        Map<String, Object> steps = new LinkedHashMap<>();
        StepFunction duration = Answers.duration(sleep.duration());
        steps.put("how long", emitter.call(draft.name + "/duration", duration, at, Map.of()));
        steps.put("the sleep", map("sleep", expression(output("how long"))));
        yield map("sequence", map("steps", steps));
      }
      case Part.Subflow sub -> subflow(draft, sub, at);
      case Part.Wait wait -> event(draft, wait, at);
    };
  }

  private Map<String, Object> group(Draft draft, Part.Group group, Position at) {
    Map<String, Object> children = new LinkedHashMap<>();
    for (int i = 0; i < group.functions().size(); i++) {
      String name = draft.name + "/" + (i + 1);
      children.put("branch " + (i + 1), emitter.call(name, group.functions().get(i), at, Map.of()));
    }
    Map<String, Object> body = new LinkedHashMap<>(group.race().orElse(group.options()));
    body.put("steps", children);
    return map(group.race().isPresent() ? "race" : "parallel", body);
  }

  private Map<String, Object> choice(Draft draft, Part.Choice choice, Position at) {
    List<Map<String, Object>> cases = new ArrayList<>();
    boolean otherwise = false;
    for (int i = 0; i < choice.branches().size(); i++) {
      Branch branch = choice.branches().get(i);
      Map<String, Object> steps = emitter.inOrder(branch.steps(), at);
      if (branch.condition() == null) {
        cases.add(map("else", steps));
        otherwise = true;
      } else {
        Map<String, Object> taken = map("when", expression(output("which branch") + " == " + i));
        taken.put("steps", steps);
        cases.add(taken);
      }
    }
    if (!otherwise) {
      cases.add(map("else", emitter.inOrder(List.of(), at)));
    }
    Map<String, Object> steps = new LinkedHashMap<>();
    StepFunction decides = Answers.branch(choice);
    steps.put("which branch", emitter.call(draft.name + "/decides", decides, at, Map.of()));
    steps.put("the branch", map("switch", cases));
    return map("sequence", map("steps", steps));
  }

  /**
   * The condition is asked before the first turn, and at the end of each: what it said decides
   * whether there is another.
   */
  private Map<String, Object> loop(Draft draft, Part.While loop, Position at) {
    StepFunction condition = ctx -> loop.condition().test(ctx);
    String name = draft.name + "/condition";
    Map<String, Object> steps = new LinkedHashMap<>();
    steps.put("at first", emitter.call(name, condition, at, Map.of("iteration", 0)));
    String before = at.last() == null ? "null" : at.last();
    if (at.inTurn()) {
      // Inside the loop 'iteration' and 'last' are no longer those of the turn around it.
      steps.put("so far", Emitter.result(before));
      before = output("so far");
    }
    Position turn = at.inTurn("(iteration == 0 ? " + before + " : last)");
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("the turn", map("sequence", map("steps", emitter.inOrder(loop.steps(), turn))));
    Position done = turn.withLast(output("the turn"));
    Map<String, Object> next = Map.of("iteration", expression("iteration + 1"));
    body.put("once more", emitter.call(name, condition, done, next));
    body.put("the result", Emitter.result(output("the turn")));
    Map<String, Object> turns =
        map(
            "while",
            expression("iteration == 0 ? " + output("at first") + " : " + output("once more")));
    turns.put("limit", MOST_TURNS);
    turns.put("steps", body);
    steps.put("the turns", map("loop", turns));
    Map<String, Object> result = map("iterations", expression(output("the turns") + ".iterations"));
    result.put("completed", true);
    steps.put("the result", map("pass", map("output", result)));
    return map("sequence", map("steps", steps));
  }

  private Map<String, Object> each(Draft draft, Part.Each each, Position at) {
    boolean batch = each.size() > 0;
    String kind = batch ? "batch" : "forEach";
    String variable = "item" + at.items().size();
    Map<String, Object> steps = new LinkedHashMap<>();
    StepFunction items = Answers.list(each.items(), kind + " '" + draft.name + "'");
    steps.put("the items", emitter.call(draft.name + "/items", items, at, Map.of()));
    Position inside = at.withItem(draft.name, variable);
    Map<String, Object> item = map("sequence", map("steps", emitter.inOrder(each.steps(), inside)));
    item.put("forEach", expression(output("the items")));
    item.put("as", variable);
    Map<String, Object> collect = new LinkedHashMap<>();
    if (batch) {
      item.put("batch", each.size());
      item.put("maxParallel", each.concurrency());
      item.put("failFast", true);
      collect.put("batchIndex", expression("index"));
      collect.put("items", expression(variable));
      collect.put("result", expression("output"));
      collect.put("size", expression("size(" + variable + ")"));
    } else {
      collect.put("item", expression(variable));
      collect.put("result", expression("output"));
      collect.put("index", expression("index"));
    }
    item.put("collect", collect);
    steps.put("each item", item);
    Map<String, Object> result = new LinkedHashMap<>();
    if (batch) {
      result.put("results", expression(output("each item")));
      result.put("totalBatches", expression("size(" + output("each item") + ")"));
    } else {
      result.put("type", "forEach");
      result.put("name", draft.name);
      result.put("results", expression(output("each item")));
    }
    result.put("totalItems", expression("size(" + output("the items") + ")"));
    steps.put("the result", map("pass", map("output", result)));
    return map("sequence", map("steps", steps));
  }

  private Map<String, Object> human(Draft draft, HumanOptions options, Position at) {
    Map<String, Object> steps;
    String answer;
    if (options.onPause().isPresent()) {
      Map<String, Object> wait = map("callback", true);
      options.timeout().ifPresent(limit -> wait.put("timeout", Durations.text(limit)));
      steps = waiting(draft, options.onPause().get(), wait, at);
      answer = output("the pause") + "[0]";
    } else {
      Map<String, Object> approval = map("message", options.description());
      options
          .timeout()
          .ifPresent(
              limit -> {
                approval.put("timeout", Durations.text(limit));
                approval.put("onTimeout", "continue");
              });
      Map<String, Object> ask = map("approval", approval);
      Map<String, Object> denied = map("tolerate", true);
      denied.put("when", expression("status == 'denied'"));
      denied.put("output", expression("output"));
      denied.put("status", "succeeded");
      ask.put("onFailure", denied);
      steps = map("the approval", ask);
      answer = output("the approval");
    }
    StepFunction answers = Answers.human(options);
    steps.put(
        "the answer",
        emitter.call(draft.name + "/answer", answers, at, Map.of("answer", expression(answer))));
    return map("sequence", map("steps", steps));
  }

  /** A wait for a callback, and the function that is told its token. */
  private Map<String, Object> waiting(
      Draft draft, PauseAction action, Map<String, Object> wait, Position at) {
    Map<String, Object> token = map("waitFor", wait);
    if (wait.containsKey("timeout")) {
      Map<String, Object> late = map("tolerate", true);
      late.put("when", expression("status == 'timed_out'"));
      late.put("output", Map.of(Answers.TIMED_OUT, true));
      late.put("status", "succeeded");
      token.put("onFailure", late);
    }
    Map<String, Object> children = map("the token", token);
    Map<String, Object> told = Map.of("token", expression("steps['the token'].token"));
    children.put(
        "the message", emitter.call(draft.name + "/on-pause", Answers.told(action), at, told));
    return map("the pause", map("parallel", map("steps", children)));
  }

  private Map<String, Object> subflow(Draft draft, Part.Subflow sub, Position at) {
    Map<String, Object> run = map("name", sub.workflow());
    if (sub.input() == null) {
      run.put("params", sub.params());
      return map("workflow", run);
    }
    if (!javaFlows.contains(sub.workflow())) {
      throw new FlowException(
          ("subflow '%s': no workflow '%s' is defined in Java. One from a file takes parameters by"
                  + " their names: subflow(\"%s\", \"%s\", Map.of(\"name\", value))")
              .formatted(draft.name, sub.workflow(), draft.name, sub.workflow()));
    }
    Map<String, Object> steps = new LinkedHashMap<>();
    steps.put("the payload", emitter.call(draft.name + "/payload", sub.input(), at, Map.of()));
    run.put("params", Map.of("payload", expression(output("the payload"))));
    steps.put("the run", map("workflow", run));
    steps.put("the result", Emitter.result(output("the run") + ".?result.orValue(null)"));
    return map("sequence", map("steps", steps));
  }

  private Map<String, Object> event(Draft draft, Part.Wait wait, Position at) {
    EventOptions options = wait.options();
    Map<String, Object> event = map("event", wait.event());
    options.timeout().ifPresent(limit -> event.put("timeout", Durations.text(limit)));
    StepFunction equal = options.equal();
    String filter = options.filter().map(text -> "(" + text + ")").orElse("");
    if (equal == null || options.member().isEmpty()) {
      if (!filter.isEmpty()) {
        event.put("match", expression(filter));
      }
      return map("waitFor", event);
    }
    String same =
        "event.?" + options.member().get() + ".orValue(null) == " + output("the wanted value");
    event.put("match", expression(filter.isEmpty() ? same : filter + " && " + same));
    Map<String, Object> steps = new LinkedHashMap<>();
    steps.put("the wanted value", emitter.call(draft.name + "/wanted", equal, at, Map.of()));
    steps.put("the event", map("waitFor", event));
    return map("sequence", map("steps", steps));
  }
}
