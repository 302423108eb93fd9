package dev.fanfare.local.bench;

import dev.fanfare.work.call.JavaStep;
import dev.fanfare.work.call.StepContext;
import io.quarkus.arc.Unremovable;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** A step that returns at once: what is measured is the engine. */
@Singleton
@Unremovable
@Named(NoopStep.NAME)
public class NoopStep implements JavaStep {
  static final String NAME = "fanfare-bench-noop";

  @Override
  public @Nullable Object run(StepContext context, @Nullable Object input) {
    return null;
  }

  @Override
  public boolean isShort() {
    return true;
  }
}
