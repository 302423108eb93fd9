package dev.fanfare.dialect;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a run brings that can decide what a file means: a branch that a filter names, a parameter
 * that a matrix reads.
 *
 * <p>Remembers what was asked for. That, and nothing else of the run, shapes the workflow: it is
 * stored with the graph, and a run that brings the same shares it. Where nothing was asked for, the
 * file means the same to every run.
 */
public final class ImportInputs {

  private static final String PARAMS = "params";
  private static final String EVENT = "event";
  private static final String RUN = "run";
  private static final String ENVIRONMENT = "environment";

  private final Map<String, Map<String, Object>> given;
  private final Map<String, Object> read = new LinkedHashMap<>();

  private ImportInputs(Map<String, Map<String, Object>> given) {
    this.given = given;
  }

  /** Nothing is known of a run: the file is planned or registered. */
  public static ImportInputs none() {
    return of(Map.of(), Map.of(), Map.of(), Map.of());
  }

  /**
   * What a run brings.
   *
   * @param params values of the workflow's parameters
   * @param event the trigger's payload
   * @param run {@code branch}, {@code tag}, {@code revision}, {@code trigger}, {@code source}
   * @param environment variables of the command line's process; empty on servers, whose environment
   *     is none of a file's business
   */
  public static ImportInputs of(
      Map<String, ?> params,
      Map<String, ?> event,
      Map<String, ?> run,
      Map<String, String> environment) {
    return new ImportInputs(
        Map.of(
            PARAMS, new LinkedHashMap<>(params),
            EVENT, new LinkedHashMap<>(event),
            RUN, new LinkedHashMap<>(run),
            ENVIRONMENT, new LinkedHashMap<>(environment)));
  }

  /** The inputs that {@link #read()} described once. */
  @SuppressWarnings("unchecked")
  public static ImportInputs from(Map<String, Object> read) {
    Map<String, Map<String, Object>> given = new LinkedHashMap<>();
    for (String kind : new String[] {PARAMS, EVENT, RUN, ENVIRONMENT}) {
      given.put(kind, (Map<String, Object>) read.getOrDefault(kind, Map.of()));
    }
    return new ImportInputs(given);
  }

  /** The value of a parameter, empty where the run gives none. */
  public Optional<Object> param(String name) {
    return ask(PARAMS, name);
  }

  /** A field of the trigger's payload. */
  public Optional<Object> event(String name) {
    return ask(EVENT, name);
  }

  /** Something about the run, such as {@code branch}; never an empty text. */
  public Optional<String> run(String name) {
    return ask(RUN, name).map(String::valueOf).filter(text -> !text.isEmpty());
  }

  /** A variable of the environment in which somebody typed the command. */
  public Optional<String> environment(String name) {
    return ask(ENVIRONMENT, name).map(String::valueOf);
  }

  private Optional<Object> ask(String kind, String name) {
    @Nullable Object value = given.getOrDefault(kind, Map.of()).get(name);
    @SuppressWarnings("unchecked")
    Map<String, @Nullable Object> asked =
        (Map<String, @Nullable Object>)
            read.computeIfAbsent(kind, ignored -> new LinkedHashMap<String, @Nullable Object>());
    asked.put(name, value);
    return Optional.ofNullable(value);
  }

  /** What was asked for, by kind and name; null for what the run does not have. */
  public Map<String, Object> read() {
    return read;
  }
}
