package dev.fanfare.lambda;

import dev.fanfare.testing.TestDatabase;
import dev.fanfare.testing.lambda.Faults;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Fanfare, deployed to something that behaves as AWS does. */
public interface LambdaStage extends AutoCloseable {

  /** The functions of Fanfare. */
  enum Role {
    TRIGGER,
    DISPATCHER,
    STEP,
    OPERATOR;

    /** As handlers are named. */
    public String handler() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** What a stage may be unable to do: a test that needs it is left out there. */
  enum Ability {
    /** Events are lost, doubled and late as {@link #faults()} says. */
    FAULTS,
    /** The Invoke operation refuses calls as {@link #faults()} says. */
    REFUSALS,
    /** A process that works can be killed. */
    KILLS,
    /** A function's reserved concurrency can be set. */
    THROTTLES,
    /** The number of invocations is known. */
    COUNTS,
    /** Fanfare's HTTP API answers at {@link #url()}. */
    HTTP
  }

  /**
   * What is deployed.
   *
   * @param lease how long a claim holds that nobody renews
   * @param steps processes of the step function
   * @param tick how often the rule of one minute fires
   * @param environment of all functions, beside what the deployment sets
   * @param stubs functions of somebody else that workflows call, by name: payload in, answer out
   */
  record Settings(
      Duration lease,
      int steps,
      Duration tick,
      Map<String, String> environment,
      Map<String, java.util.function.UnaryOperator<Object>> stubs) {

    /** As infra/ sets it, with a tick every two seconds. */
    public static final Settings USUAL =
        new Settings(Duration.ofSeconds(60), 4, Duration.ofSeconds(2), Map.of(), Map.of());

    public Settings withLease(Duration time) {
      return new Settings(time, steps, tick, environment, stubs);
    }

    public Settings withSteps(int processes) {
      return new Settings(lease, processes, tick, environment, stubs);
    }

    public Settings withTick(Duration time) {
      return new Settings(lease, steps, time, environment, stubs);
    }

    public Settings withEnvironment(Map<String, String> variables) {
      return new Settings(lease, steps, tick, variables, stubs);
    }

    public Settings withStubs(Map<String, java.util.function.UnaryOperator<Object>> functions) {
      return new Settings(lease, steps, tick, environment, functions);
    }
  }

  boolean can(Ability ability);

  /** The database of all functions. */
  TestDatabase database();

  /** A folder that every function and this test see: an EFS mount. */
  Path shared();

  /** The trigger's function URL. */
  URI url();

  /**
   * Calls a function through the SDK and waits for what it returns.
   *
   * @throws AssertionError if the function fails
   */
  Map<String, Object> invoke(Role role, Map<String, ?> event);

  /** Leaves an event to Lambda's queue. */
  void send(Role role, Map<String, ?> event);

  /** The rule of one minute fires now. */
  void tick();

  Faults faults();

  /** Kills a process that works now; false if none does. */
  boolean kill(Role role);

  void reserve(Role role, OptionalInt concurrency);

  /** Sets {@code RecursiveLoop}: whether a function may come again and again in one chain. */
  void recursion(Role role, boolean allowed);

  /** Sends a message to the queue of wake-ups, as somebody might who has no business there. */
  void message(String body);

  /** Messages that nobody could deal with. */
  List<String> deadMessages();

  /**
   * {@code invocations}, {@code dropped}, {@code doubled}, {@code killed}, {@code throttled}, ..
   */
  long count(String what, Role role);

  /** Waits until nothing runs or is on its way. */
  void settle();

  /** What has happened so far, for the log. */
  String report();

  @Override
  void close();
}
