package dev.fanfare.integration;

import dev.fanfare.invoke.Invocation;
import dev.fanfare.invoke.Invoker;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Loses, doubles, delays and reorders what it is to deliver, by a seed. */
final class FaultyInvoker implements Invoker {

  private final Invoker inside;
  private final ScheduledExecutorService later;
  private final Random random;

  FaultyInvoker(Invoker inside, ScheduledExecutorService later, long seed) {
    this.inside = inside;
    this.later = later;
    this.random = new Random(seed);
  }

  @Override
  public void invoke(List<Invocation> invocations) {
    invocations.forEach(this::deliver);
  }

  private synchronized void deliver(Invocation invocation) {
    double luck = random.nextDouble();
    if (luck < 0.1) {
      return;
    }
    soonerOrLater(invocation);
    if (luck > 0.9) {
      soonerOrLater(invocation);
    }
  }

  private void soonerOrLater(Invocation invocation) {
    if (random.nextBoolean()) {
      inside.invoke(List.of(invocation));
    } else {
      var unused =
          later.schedule(
              () -> inside.invoke(List.of(invocation)), random.nextInt(700), TimeUnit.MILLISECONDS);
    }
  }
}
