package dev.fanfare.local.bench;

import dev.fanfare.work.call.JavaStep;
import dev.fanfare.work.call.StepContext;
import io.quarkus.arc.Unremovable;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A step that takes as many milliseconds as it is given, and tells when it was stopped. */
@Singleton
@Unremovable
@Named(PauseStep.NAME)
public class PauseStep implements JavaStep {
  static final String NAME = "fanfare-bench-pause";

  /** {@link System#nanoTime} of the last time one was stopped. */
  static final AtomicLong STOPPED_AT = new AtomicLong();

  @Override
  public @Nullable Object run(StepContext context, @Nullable Object input)
      throws InterruptedException {
    try {
      TimeUnit.MILLISECONDS.sleep(input instanceof Long millis ? millis : 0);
    } catch (InterruptedException e) {
      STOPPED_AT.set(System.nanoTime());
      throw e;
    }
    return null;
  }
}
