package dev.fanfare.local;

import dev.fanfare.conductor.Graphs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What {@code run} needs of the engine in this process. A CDI bean implements it; the command line
 * looks it up after the application has started.
 */
public interface LocalEngine {

  /**
   * Stores a run and hands it to the dispatcher.
   *
   * @throws CommandException when the file or a parameter is wrong; nothing was stored
   */
  LocalRun start(Request request) throws CommandException;

  /**
   * Goes on with a run that has ended.
   *
   * @param run its id, or the beginning of it
   * @param from {@code start}, {@code failed} or a step
   * @throws CommandException when there is no such run, or nothing to go on from
   */
  LocalRun rerun(String run, String from, String by) throws CommandException;

  /**
   * Registers files that were found good.
   *
   * @return a line for each: its name and version
   */
  List<String> register(List<Graphs.File> files);

  /**
   * Decides about a step that waits for a person; its run goes on here.
   *
   * @param run its id, or the beginning of it
   * @throws CommandException when there is no such run or step, or it cannot be decided like this
   */
  Judged judge(String run, Judgement judgement) throws CommandException;

  /**
   * What somebody decides.
   *
   * @param form what was filled in; null where nothing was
   */
  record Judgement(
      String step,
      boolean approved,
      String by,
      String reason,
      @Nullable Map<String, @Nullable Object> form) {}

  /** What came of it, as a sentence. */
  record Judged(LocalRun run, String sentence) {}

  /** Ids of runs that a killed process left and that go on in this one, in order. */
  List<String> resumed();

  /**
   * What to run.
   *
   * @param content bytes of the workflow file
   * @param fileName its path as it was typed
   * @param dialect the dialect asked for; empty: the file is looked at
   * @param params values as typed, in the order of the command line
   * @param event the trigger's payload
   * @param run what is known of the sources: {@code branch}, {@code tag}, {@code revision}
   * @param maxParallel overrides the file's; 0 is no limit
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared; the bytes are only handed on
  record Request(
      byte[] content,
      String fileName,
      Optional<String> dialect,
      Map<String, String> params,
      Map<String, @Nullable Object> event,
      Map<String, String> run,
      OptionalInt maxParallel) {}

  /** A run that was started here. */
  interface LocalRun {

    String id();

    /** What is wrong with what the run was given, and did not keep it from starting. */
    List<String> warnings();

    /** The sequence number of the last event that was there before this attempt of the run. */
    long before();

    /**
     * The run's events with a sequence number above {@code after}, in order; waits for the first
     * one at most {@code patience} and may return none. The last event of a run is {@code
     * run.finished}.
     */
    List<Map<String, @Nullable Object>> events(long after, Duration patience)
        throws InterruptedException;

    /**
     * Decides about a step of the run that waits for a person.
     *
     * @return what came of it, as a sentence
     * @throws CommandException when it cannot be decided like this
     */
    String judge(Judgement judgement) throws CommandException;

    /** Asks for the run to be cancelled; returns at once. {@code run.finished} will follow. */
    void cancel();

    /** The object that {@code run --output json} prints. */
    Map<String, @Nullable Object> outcome();
  }
}
