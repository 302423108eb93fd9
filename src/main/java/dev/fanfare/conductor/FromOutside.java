package dev.fanfare.conductor;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.engine.Event;
import dev.fanfare.secret.Masker;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Covers secrets in what people and other systems say to a run: it is stored, and a callback may
 * bring back what a step has sent.
 */
final class FromOutside {

  private FromOutside() {}

  /** The event as it may be stored; what the engine and its workers say is covered already. */
  static Event covered(Event event, Masker masker) {
    return switch (event) {
      case Event.Exceeded ignored -> event;
      case Event.Judged judged ->
          new Event.Judged(
              judged.step(),
              judged.approved(),
              masker.mask(judged.by()),
              judged.at(),
              masker.mask(judged.reason()),
              masker.maskAll(judged.form()));
      case Event.Happened happened ->
          new Event.Happened(
              happened.step(),
              happened.attempt(),
              masker.maskAll(happened.payload()),
              happened.error().map(error -> covered(error, masker)));
      case Event.Cancel cancel ->
          new Event.Cancel(masker.mask(cancel.by()), masker.mask(cancel.reason()));
      case Event.Rerun rerun -> new Event.Rerun(rerun.from(), masker.mask(rerun.by()));
      case Event.Start start -> start;
      case Event.Begin begin -> begin;
      case Event.Report report -> report;
      case Event.Due due -> due;
      case Event.Lost lost -> lost;
      case Event.Answered answered -> answered;
      case Event.ChildEnded ended -> ended;
    };
  }

  private static ErrorInfo covered(ErrorInfo error, Masker masker) {
    ErrorInfo covered = ErrorInfo.of(masker.mask(error.code()), masker.mask(error.message()));
    for (Map.Entry<String, Object> detail : error.details().entrySet()) {
      @Nullable Object value = masker.maskAll(detail.getValue());
      covered = covered.with(detail.getKey(), value == null ? "" : value);
    }
    return covered;
  }
}
