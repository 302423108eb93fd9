package dev.fanfare.dsl;

/**
 * Workflows written in Java. A CDI bean of the application implements it, or a class that a jar
 * names in {@code META-INF/services/dev.fanfare.dsl.Flows}.
 */
@FunctionalInterface
public interface Flows {

  /** Defines the workflows. Called once, when a process starts; nothing runs meanwhile. */
  void define(Cronflow cron);
}
