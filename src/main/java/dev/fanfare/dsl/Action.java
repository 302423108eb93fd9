package dev.fanfare.dsl;

/** Work without an output. */
@FunctionalInterface
public interface Action {
  void run(Context ctx) throws Exception;
}
