package dev.fanfare.invoke;

import java.util.List;

/** Delivers claimed steps to step functions. Never blocks and never throws. */
@FunctionalInterface
public interface Invoker {

  /** Delivers each of these, in any order, at least most of the time. */
  void invoke(List<Invocation> invocations);
}
