package dev.fanfare.function;

import dev.fanfare.conductor.Conductor;
import dev.fanfare.definition.Work;
import dev.fanfare.engine.Event;
import dev.fanfare.form.FormSchema;
import dev.fanfare.graph.Graph;
import dev.fanfare.graph.Node;
import dev.fanfare.graph.Shape;
import dev.fanfare.store.WaitViews;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Takes decisions of people about approvals, and lists what waits for one. */
public final class ApprovalService {

  /**
   * A decision.
   *
   * @param by who decides
   * @param reason why; may be empty
   * @param form what was filled in; null where nothing was
   */
  public record Judgement(
      UUID run,
      String step,
      boolean approved,
      String by,
      String reason,
      @Nullable Map<String, Object> form) {}

  /** What became of a decision. */
  public sealed interface Answer {
    /**
     * The step is decided as it was asked for.
     *
     * @param decision {@code approved} or {@code denied}
     * @param at when, RFC 3339
     * @param now false where it had been before
     */
    record Decided(String decision, String by, String at, String reason, boolean now)
        implements Answer {
      /** {@code 'gate' is approved by ann.} */
      public String sentence(String step) {
        return now
            ? "'" + step + "' is " + decision + " by " + by + "."
            : "'" + step + "' was " + decision + " before, by " + by + " at " + at + ".";
      }
    }

    /** There is no such run or step. */
    record Unknown(String sentence) implements Answer {}

    /** The step cannot be decided: it is no approval, does not wait, or was decided otherwise. */
    record Refused(String sentence) implements Answer {}

    /** The form is not what the schema asks for. */
    record BadForm(List<FormSchema.Finding> findings) implements Answer {
      private static final int MOST = 5;

      /** Names the first findings. */
      public String sentence(String step) {
        String more = findings.size() > MOST ? "; and " + (findings.size() - MOST) + " more" : "";
        return "the form of step '"
            + step
            + "' is not filled in as it asks: "
            + findings.stream()
                .limit(MOST)
                .map(FormSchema.Finding::text)
                .collect(Collectors.joining("; "))
            + more
            + "; nothing was decided";
      }
    }
  }

  /**
   * A step that waits for a person.
   *
   * @param schema of its form
   */
  public record Waiting(WaitViews.Approval approval, String message, Optional<Object> schema) {}

  private final Conductor conductor;
  private final WaitViews views;
  private final Executor executor;

  /**
   * @param executor where graphs may be compiled
   */
  ApprovalService(Conductor conductor, WaitViews views, Executor executor) {
    this.conductor = conductor;
    this.views = views;
    this.executor = executor;
  }

  /** Decides, once; the same decision again is harmless. */
  public Uni<Answer> judge(Judgement judgement) {
    return views
        .step(judgement.run(), judgement.step())
        .emitOn(executor)
        .chain(
            found ->
                found
                    .map(step -> judge(judgement, step))
                    .orElseGet(
                        () -> answer(new Answer.Unknown("there is no run " + judgement.run()))));
  }

  private Uni<Answer> judge(Judgement judgement, WaitViews.StepState step) {
    Graph graph = conductor.graphs().get(step.graph());
    Optional<Node> node =
        step.node() >= 0 ? Optional.of(graph.node(step.node())) : graph.byId(judgement.step());
    if (node.isEmpty()) {
      return answer(
          new Answer.Unknown(
              "run "
                  + judgement.run()
                  + " has no step '"
                  + judgement.step()
                  + "', or nothing has happened to it yet"));
    }
    Optional<Work.Approval> approval = approval(node.get());
    if (approval.isEmpty()) {
      return answer(
          new Answer.Refused(
              "step '"
                  + judgement.step()
                  + "' is no approval but "
                  + node.get().shape().kind()
                  + "; nobody can approve or deny it"));
    }
    Optional<Answer> settled = settled(judgement, step);
    if (settled.isPresent()) {
      return answer(settled.get());
    }
    List<FormSchema.Finding> findings = findings(judgement, approval.get());
    return findings.isEmpty() ? submit(judgement, step) : answer(new Answer.BadForm(findings));
  }

  static Optional<Work.Approval> approval(Node node) {
    return node.shape() instanceof Shape.Leaf leaf && leaf.work() instanceof Work.Approval approval
        ? Optional.of(approval)
        : Optional.empty();
  }

  /** What is to be said of a step that does not wait any more, or not yet. */
  private static Optional<Answer> settled(Judgement judgement, WaitViews.StepState step) {
    if (step.detail().get("decided") instanceof Map<?, ?> decided) {
      String decision = String.valueOf(decided.get("decision"));
      String by = String.valueOf(decided.get("by"));
      String at = String.valueOf(decided.get("at"));
      String why = String.valueOf(decided.get("reason"));
      if (decision.equals(judgement.approved() ? "approved" : "denied")) {
        return Optional.of(new Answer.Decided(decision, by, at, why, false));
      }
      String how =
          by.equals("timeout")
              ? "its time was up at " + at + ", which made it " + step.status()
              : "it was " + decision + " by " + by + " at " + at;
      return Optional.of(
          new Answer.Refused("step '" + judgement.step() + "' can no longer be decided: " + how));
    }
    return step.status().equals("waiting")
        ? Optional.empty()
        : Optional.of(
            new Answer.Refused(
                "step '"
                    + judgement.step()
                    + "' does not wait for a decision: it "
                    + StepSentence.of(step)));
  }

  /** An approval needs what its schema asks for; a denial need not fill the form in. */
  private static List<FormSchema.Finding> findings(Judgement judgement, Work.Approval approval) {
    Object schema = approval.schema().orElse(null);
    if (!(schema instanceof Map<?, ?> map) || (!judgement.approved() && judgement.form() == null)) {
      return List.of();
    }
    @SuppressWarnings("unchecked")
    Map<String, Object> typed = (Map<String, Object>) map;
    return FormSchema.validate(typed, judgement.form() == null ? Map.of() : judgement.form());
  }

  private Uni<Answer> submit(Judgement judgement, WaitViews.StepState step) {
    Event event =
        new Event.Judged(
            judgement.step(),
            judgement.approved(),
            judgement.by(),
            RunJson.time(step.now()),
            judgement.reason(),
            judgement.form());
    return conductor
        .submit(judgement.run(), event)
        .chain(
            reaction ->
                switch (reaction.verdict()) {
                  case ACCEPTED ->
                      answer(
                          new Answer.Decided(
                              judgement.approved() ? "approved" : "denied",
                              judgement.by(),
                              RunJson.time(step.now()),
                              judgement.reason(),
                              true));
                  // Somebody or something was quicker: the step says by now who.
                  case STALE, KEPT ->
                      views
                          .step(judgement.run(), judgement.step())
                          .map(after -> overtaken(judgement, after.orElseThrow()));
                });
  }

  private static Answer overtaken(Judgement judgement, WaitViews.StepState step) {
    return settled(judgement, step)
        .orElseGet(
            () ->
                new Answer.Refused(
                    "step '"
                        + judgement.step()
                        + "' waits for something else than a decision: it "
                        + StepSentence.of(step)));
  }

  private static Uni<Answer> answer(Answer answer) {
    return Uni.createFrom().item(answer);
  }

  /**
   * What waits for a decision, page by page.
   *
   * @param run the last one of the page before; zeros to begin
   * @param step likewise; empty to begin
   */
  public Uni<List<Waiting>> waiting(UUID run, String step, int limit) {
    return views
        .approvals(run, step, limit)
        .emitOn(executor)
        .map(found -> found.stream().map(this::waiting).toList());
  }

  private Waiting waiting(WaitViews.Approval approval) {
    Node node = conductor.graphs().get(approval.graph()).node(approval.node());
    return new Waiting(
        approval,
        String.valueOf(approval.reason().getOrDefault("prompt", "")),
        approval(node).flatMap(Work.Approval::schema));
  }
}
