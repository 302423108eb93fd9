package dev.fanfare.function;

import com.amazonaws.services.lambda.runtime.Context;
import dev.fanfare.conductor.Conductor;
import dev.fanfare.function.log.FunctionLog;
import dev.fanfare.invoke.lambda.CurrentInvocation;
import dev.fanfare.store.Connections;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One invocation of a function, from its begin to the moment at which nothing of it is left to do:
 * its environment is frozen when the handler returns.
 */
public final class InvocationScope {

  private static final Logger LOG = System.getLogger(InvocationScope.class.getName());

  /** For the answer to get out. */
  private static final Duration RESERVE = Duration.ofMillis(300);

  /** A connection that nobody has used for this long may be dead. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Conductor conductor;
  private final Connections connections;
  private final CurrentInvocation current;
  private final SchemaGate schema;
  private final boolean hosted;
  private volatile Instant lastUse = Instant.EPOCH;

  /**
   * @param hosted whether this process is a Lambda function; one that lives on waits for nothing
   */
  InvocationScope(
      Conductor conductor,
      Connections connections,
      CurrentInvocation current,
      SchemaGate schema,
      boolean hosted) {
    this.conductor = conductor;
    this.connections = connections;
    this.current = current;
    this.schema = schema;
    this.hosted = hosted;
  }

  /** An invocation that comes from outside. */
  public <T> T run(@Nullable Context context, Supplier<T> body) {
    return run(context, 0, Optional.empty(), body);
  }

  /**
   * Does what an invocation asks for, and all that follows from it.
   *
   * @param hops invocations that led to this one
   * @param trace W3C {@code traceparent} of whoever sent it
   */
  public <T> T run(@Nullable Context context, int hops, Optional<String> trace, Supplier<T> body) {
    if (!hosted) {
      return body.get();
    }
    schema.pass();
    String id = context == null ? "" : String.valueOf(context.getAwsRequestId());
    Duration limit =
        context == null
            ? CurrentInvocation.UNLIMITED
            : Duration.ofMillis(context.getRemainingTimeInMillis());
    current.begin(new CurrentInvocation.Facts(id, hops, trace, System.nanoTime(), limit));
    FunctionLog.begin(id, trace);
    try {
      thaw();
      conductor.attend();
      return body.get();
    } finally {
      settle();
      lastUse = Instant.now();
      current.end();
      FunctionLog.end();
    }
  }

  /** After a pause, by the clock that goes on while the environment is frozen. */
  private void thaw() {
    if (lastUse.plus(PAUSE).isBefore(Instant.now())) {
      try {
        connections.check().await().atMost(PATIENCE);
      } catch (RuntimeException e) {
        LOG.log(Level.DEBUG, "connections could not be looked at: {0}", e.getMessage());
      }
    }
  }

  private void settle() {
    Duration left = current.left().minus(RESERVE);
    if (!conductor.settle(left)) {
      LOG.log(
          Level.WARNING,
          "the invocation's time is up and something is still under way; leases and the next"
              + " tick will repair what it leaves");
    }
  }
}
