package dev.fanfare.function.log;

import dev.fanfare.work.TraceContext;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Switches the log of a function to JSON, and knows the invocation that is under way: an
 * environment has one at a time, and what it logs is about that one, whichever thread it comes
 * from.
 */
@Singleton
public final class FunctionLog {

  /** The invocation under way, or nothing. */
  record Current(String requestId, String traceId) {
    static final Current NONE = new Current("", "");
  }

  private static volatile boolean on;
  private static volatile String function = "";
  private static volatile Current current = Current.NONE;

  private final Optional<String> lambda;
  private final Optional<String> name;

  /**
   * @param lambda where Lambda's runtime is; empty if this process is no function
   * @param name of the function
   */
  @Inject
  FunctionLog(
      @ConfigProperty(name = "fanfare.lambda") Optional<String> lambda,
      @ConfigProperty(name = "fanfare.function") Optional<String> name) {
    this.lambda = lambda;
    this.name = name;
  }

  void open(@Observes StartupEvent start) {
    if (lambda.isEmpty()) {
      return;
    }
    function = name.orElse("");
    java.util.logging.Logger root = LogManager.getLogManager().getLogger("");
    for (Handler handler : root.getHandlers()) {
      write(handler);
    }
    on = true;
  }

  /** Quarkus has its own handler in front of those that write. */
  private static void write(Handler handler) {
    if (handler instanceof org.jboss.logmanager.ExtHandler outer) {
      for (Handler inner : outer.getHandlers()) {
        write(inner);
      }
    }
    handler.setFormatter(new JsonLines());
  }

  /**
   * An invocation begins.
   *
   * @param trace W3C {@code traceparent} of whoever started it
   */
  public static void begin(String requestId, Optional<String> trace) {
    Optional<TraceContext> from = TraceContext.of(trace.orElse(null), null);
    current = new Current(requestId, from.map(TraceContext::traceId).orElse(""));
  }

  /** It has ended. */
  public static void end() {
    current = Current.NONE;
  }

  static Current current() {
    return current;
  }

  static String function() {
    return function;
  }

  /** A line that counts what has happened; none on one machine. */
  public static void line(Logger logger, String message, Map<String, Object> fields) {
    if (on) {
      logger.log(Level.INFO, message, new LogFields(fields));
    }
  }
}
