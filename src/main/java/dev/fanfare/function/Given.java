package dev.fanfare.function;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.secret.Masker;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a run is given, without the secrets of its workflow: all of it is stored. */
final class Given {

  /** A folder of this machine that the engine itself has named. */
  private static final String SOURCE = "source";

  private final Masker masker;
  private final List<Diagnostic> warnings = new ArrayList<>();

  Given(Masker masker) {
    this.masker = masker;
  }

  /** A request whose event, context and key may be stored. */
  TriggerService.Request covered(TriggerService.Request request) {
    return new TriggerService.Request(
        request.id(),
        request.file(),
        request.params(),
        covered("event", request.event()),
        covered("context", request.context()),
        request.key().map(masker::mask));
  }

  /**
   * Values by their names as they may be stored.
   *
   * @param what they are, for the warning
   */
  Map<String, Object> covered(String what, Map<String, Object> values) {
    Map<String, Object> covered = new LinkedHashMap<>();
    values.forEach(
        (name, value) -> {
          @Nullable Object shown = name.equals(SOURCE) ? value : masker.maskAll(value);
          if (!Objects.equals(shown, value)) {
            warnings.add(
                Diagnostic.warning(
                    TriggerService.SECRET_GIVEN,
                    what
                        + "."
                        + name
                        + " holds the value of a secret and is kept as "
                        + Masker.COVER,
                    SourceSpan.NONE,
                    "let the step that needs it read secrets.NAME"));
          }
          covered.put(name, shown);
        });
    return covered;
  }

  List<Diagnostic> warnings() {
    return List.copyOf(warnings);
  }
}
