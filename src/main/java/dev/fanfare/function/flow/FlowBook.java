package dev.fanfare.function.flow;

import dev.fanfare.conductor.Graphs;
import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Workflow;
import dev.fanfare.dsl.Cronflow;
import dev.fanfare.dsl.FlowCode;
import dev.fanfare.dsl.FlowException;
import dev.fanfare.dsl.Flows;
import dev.fanfare.function.Registrations;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The workflows that a process has the code of. Immutable. */
public final class FlowBook {

  /** No workflows. */
  public static final FlowBook EMPTY = new FlowBook(new Cronflow(), List.of());

  private final Cronflow cron;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /** A workflow with its file, which is good. */
  record Entry(FlowCode code, Graphs.File file, Workflow workflow) {}

  /** Somebody who defines workflows. */
  public record Definer(Flows flows, String name) {}

  private FlowBook(Cronflow cron, List<FlowCode> codes) {
    this.cron = cron;
    for (FlowCode code : codes) {
      Graphs.File file =
          new Graphs.File(
              code.text().getBytes(StandardCharsets.UTF_8),
              code.name() + ".java",
              Optional.of("fanfare"));
      Registrations.Checked checked = Registrations.check(file);
      Workflow workflow =
          checked
              .workflow()
              .orElseThrow(() -> new FlowException(problems(code, checked.diagnostics())));
      entries.put(code.name(), new Entry(code, file, workflow));
    }
  }

  /**
   * All workflows of some definers.
   *
   * @throws FlowException when one of them is wrong; the message names who defined it
   */
  public static FlowBook of(List<Definer> definers) {
    Cronflow cron = new Cronflow();
    for (Definer definer : definers) {
      try {
        cron.add(definer.flows(), definer.name());
      } catch (FlowException e) {
        throw new FlowException(definer.name() + ": " + e.getMessage(), e);
      } catch (RuntimeException | LinkageError e) {
        throw new FlowException(
            "%s cannot define its workflows: %s".formatted(definer.name(), e), e);
      }
    }
    return new FlowBook(cron, cron.finished());
  }

  private static String problems(FlowCode code, List<Diagnostic> diagnostics) {
    return "the workflow '%s' of %s cannot be used: %s"
        .formatted(
            code.name(),
            code.source(),
            diagnostics.stream()
                .filter(Diagnostic::isError)
                .map(each -> each.message() + (each.hint().isEmpty() ? "" : "; " + each.hint()))
                .collect(Collectors.joining(" / ")));
  }

  /** Names of the workflows, in the order in which they were defined. */
  public List<String> names() {
    return new ArrayList<>(entries.keySet());
  }

  /** A workflow as a file, which can be read, planned and registered like any. */
  public Optional<Graphs.File> file(String workflow) {
    return Optional.ofNullable(entries.get(workflow)).map(Entry::file);
  }

  public List<Graphs.File> files() {
    return entries.values().stream().map(Entry::file).toList();
  }

  List<Entry> entries() {
    return List.copyOf(entries.values());
  }

  Optional<FlowCode> code(String workflow) {
    return Optional.ofNullable(entries.get(workflow)).map(Entry::code);
  }

  SortedSet<String> beans() {
    SortedSet<String> beans = new TreeSet<>();
    entries.values().forEach(entry -> beans.addAll(entry.code().beans()));
    return beans;
  }

  <T> Optional<T> service(Class<T> type) {
    return cron.service(type);
  }
}
