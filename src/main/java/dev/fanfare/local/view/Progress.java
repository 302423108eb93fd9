package dev.fanfare.local.view;

import dev.fanfare.local.view.StepView.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a run's events tell a person who watches: one line per change, and a frame of what is going
 * on now. Fed with events in order; knows no clock and no terminal.
 */
public final class Progress {

  private static final String SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
  private static final long SPINNER_MS = 100;

  /** A fan with more instances is shown as counts. */
  private static final int SMALL_FAN = 8;

  private static final int LONGEST_NOTE = 200;

  private final Map<String, StepView> steps = new LinkedHashMap<>();
  private final Map<String, Integer> fans = new LinkedHashMap<>();
  private String workflow = "run";
  private Optional<Instant> started = Optional.empty();
  private String status = "running";
  private boolean finished;

  /** Takes the next event. */
  public void accept(Map<String, ? extends @Nullable Object> event) {
    String type = Text.of(event, "type");
    Instant at = Text.instant(event.get("at")).orElse(Instant.EPOCH);
    switch (type) {
      case "run.started" -> {
        started = Optional.of(at);
        workflow = event.get("workflow") == null ? workflow : Text.of(event, "workflow");
      }
      case "run.queued" ->
          workflow = event.get("workflow") == null ? workflow : Text.of(event, "workflow");
      case "run.failing" -> status = "failing";
      case "run.retrying" -> status = "failed, goes on";
      case "loop.paused" -> change(event, Phase.WAITING, at);
      case "run.ending" -> status = "ending";
      case "run.finished" -> {
        status = Text.of(event, "status");
        finished = true;
      }
      default -> Phase.of(type).ifPresent(phase -> change(event, phase, at));
    }
  }

  /** Whether the run has ended. */
  public boolean isFinished() {
    return finished;
  }

  /**
   * The event as a line of a log; empty where it changes nothing that a person waits for. Call it
   * after {@link #accept}.
   */
  public Optional<String> line(Map<String, ? extends @Nullable Object> event, Style style) {
    String type = Text.of(event, "type");
    Instant at = Text.instant(event.get("at")).orElse(Instant.EPOCH);
    String clock = style.dim(clock(at));
    return switch (type) {
      case "run.started" -> Optional.of(clock + " " + style.bold(workflow) + " started");
      case "run.queued" ->
          Optional.of(clock + " " + style.bold(workflow) + " is queued" + reason(event));
      case "run.failing" ->
          Optional.of(clock + " " + style.red(workflow + " is failing") + reason(event));
      case "run.retrying" ->
          Optional.of(clock + " " + style.red(workflow + " has failed") + reason(event));
      case "run.ending" ->
          Optional.of(
              clock
                  + " "
                  + style.bold(workflow + " will end " + Text.of(event, "status"))
                  + reason(event)
                  + style.dim(" (its hooks are at work)"));
      case "race.won" ->
          Optional.of(
              clock
                  + " "
                  + style.green("⚑")
                  + " "
                  + Text.of(event, "step")
                  + ": "
                  + Text.of(event, "winner")
                  + " won");
      case "run.finished", "step.ready", "step.dispatched", "loop.paused" -> Optional.empty();
      default ->
          Optional.ofNullable(steps.get(Text.of(event, "step")))
              .filter(step -> Phase.of(type).isPresent())
              .map(step -> clock + " " + change(step, style));
    };
  }

  /**
   * Whether a line for this event is worth keeping on a terminal that shows a frame as well: ends,
   * except those of the many instances of a large fan that went well.
   */
  public boolean isWorthKeeping(Map<String, ? extends @Nullable Object> event) {
    Optional<Phase> phase = Phase.of(Text.of(event, "type"));
    if (phase.isEmpty()) {
      return true;
    }
    boolean inLargeFan =
        Text.fanOf(Text.of(event, "step"))
            .map(fan -> fans.getOrDefault(fan, 0) > SMALL_FAN)
            .orElse(false);
    return phase.get().isEnd() && (!inLargeFan || phase.get().isFailure());
  }

  /**
   * The present as lines, none longer than the terminal is wide and together no higher than it.
   *
   * @param now the present, on the clock of the events
   */
  public List<String> frame(Instant now, int columns, int rows, Style style) {
    List<String> active = new ArrayList<>();
    fans.forEach(
        (fan, size) -> {
          if (size > SMALL_FAN) {
            fanLine(fan, size)
                .ifPresent(line -> active.add(style.cyan("▸") + " " + cut(line, columns)));
          }
        });
    for (StepView step : steps.values()) {
      if (isShownAlone(step)) {
        active.add(activeLine(step, now, columns, style));
      }
    }
    int room = Math.max(1, rows - 3);
    List<String> lines = new ArrayList<>();
    lines.add(header(now, columns, style));
    lines.addAll(active.subList(0, Math.min(active.size(), room)));
    if (active.size() > room) {
      lines.add(style.dim(cut("… and " + (active.size() - room) + " more", columns)));
    }
    return lines;
  }

  private void change(Map<String, ? extends @Nullable Object> event, Phase phase, Instant at) {
    String id = Text.of(event, "step");
    Text.fanAround(id).map(steps::get).ifPresent(this::goesOn);
    StepView before = steps.get(id);
    if (before == null) {
      Text.fanOf(id).ifPresent(fan -> fans.merge(fan, 1, Integer::sum));
    }
    Optional<Instant> began = before == null ? Optional.empty() : before.started();
    int attempt =
        event.get("attempt") instanceof Number number
            ? number.intValue()
            : before == null ? 0 : before.attempt();
    String note =
        Text.sentence(event.get("reason") == null ? event.get("error") : event.get("reason"));
    steps.put(
        id,
        new StepView(
            id,
            phase,
            attempt,
            at,
            began.isEmpty() && phase == Phase.RUNNING ? Optional.of(at) : began,
            note));
  }

  /** A loop that paused is at work again when something happens to a turn. */
  private void goesOn(StepView loop) {
    if (loop.phase() == Phase.WAITING) {
      steps.put(
          loop.id(),
          new StepView(loop.id(), Phase.RUNNING, loop.attempt(), loop.since(), loop.started(), ""));
    }
  }

  private String change(StepView step, Style style) {
    StringBuilder line = new StringBuilder(step.phase().mark(style));
    line.append(' ').append(step.id()).append(' ');
    String words = step.phase().words();
    line.append(step.phase().isFailure() ? style.red(words) : words);
    if (step.attempt() > 1) {
      line.append(" (attempt ").append(step.attempt()).append(')');
    }
    if (step.phase().isEnd() && step.started().isPresent()) {
      Duration took = Duration.between(step.started().get(), step.since());
      line.append(style.dim(" in " + Text.duration(took)));
    }
    if (!step.note().isEmpty()) {
      line.append(": ").append(Text.cut(step.note(), LONGEST_NOTE));
    }
    return line.toString();
  }

  private boolean isShownAlone(StepView step) {
    boolean inLargeFan =
        Text.fanOf(step.id()).map(fan -> fans.getOrDefault(fan, 0) > SMALL_FAN).orElse(false);
    return !step.phase().isEnd() && step.phase() != Phase.QUEUED && !inLargeFan;
  }

  private String activeLine(StepView step, Instant now, int columns, Style style) {
    String words = step.phase().words();
    String attempt = step.attempt() > 1 ? " (attempt " + step.attempt() + ")" : "";
    String elapsed = Text.duration(Duration.between(step.since(), now));
    String note = step.note().isEmpty() ? "" : ": " + step.note();
    return step.phase().mark(style)
        + " "
        + cut(step.id() + " " + words + attempt + " " + elapsed + note, columns);
  }

  private Optional<String> fanLine(String fan, int size) {
    Map<Phase, Integer> counts = counts(Optional.of(fan));
    int ended =
        counts.entrySet().stream()
            .filter(entry -> entry.getKey().isEnd())
            .mapToInt(Map.Entry::getValue)
            .sum();
    return ended == size
        ? Optional.empty()
        : Optional.of(fan + "  " + ended + "/" + size + " done" + others(counts));
  }

  private String header(Instant now, int columns, Style style) {
    Duration elapsed = started.map(start -> Duration.between(start, now)).orElse(Duration.ZERO);
    int spin = (int) (Math.max(0, elapsed.toMillis()) / SPINNER_MS % SPINNER.length());
    Map<Phase, Integer> counts = counts(Optional.empty());
    int ended =
        counts.entrySet().stream()
            .filter(entry -> entry.getKey().isEnd())
            .mapToInt(Map.Entry::getValue)
            .sum();
    String text =
        workflow + "  " + Text.duration(elapsed) + "  " + ended + " done" + others(counts);
    String shown = cut(text, columns);
    return style.cyan(SPINNER.substring(spin, spin + 1))
        + " "
        + (status.equals("failing") ? style.red(shown) : style.bold(shown));
  }

  private static String others(Map<Phase, Integer> counts) {
    return counts.entrySet().stream()
        .filter(entry -> !entry.getKey().isEnd() || entry.getKey().isFailure())
        .map(entry -> ", " + entry.getValue() + " " + entry.getKey().words())
        .collect(Collectors.joining());
  }

  private Map<Phase, Integer> counts(Optional<String> fan) {
    Map<Phase, Integer> counts = new EnumMap<>(Phase.class);
    for (StepView step : steps.values()) {
      if (fan.isEmpty() || fan.equals(Text.fanOf(step.id()))) {
        counts.merge(step.phase(), 1, Integer::sum);
      }
    }
    return counts;
  }

  private String clock(Instant at) {
    double seconds =
        started.map(start -> Duration.between(start, at).toMillis() / 1000.0).orElse(0.0);
    return String.format(Locale.ROOT, "%8.3f", seconds);
  }

  private static String reason(Map<String, ? extends @Nullable Object> event) {
    String sentence = Text.sentence(event.get("reason"));
    return sentence.isEmpty() ? "" : ": " + Text.cut(sentence, LONGEST_NOTE);
  }

  /** Two columns are the mark's. */
  private static String cut(String text, int columns) {
    return Text.cut(text, Math.max(1, columns - 3));
  }
}
