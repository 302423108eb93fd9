package dev.fanfare.dsl;

/** A question about a run. Its answer is kept, so it is asked once. */
@FunctionalInterface
public interface Condition {
  boolean test(Context ctx) throws Exception;
}
