package dev.fanfare.function.snapstart;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Registers {@link Priming} for the moment before the snapshot, where Lambda is going to take one.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-java.html">
 *     Lambda's runtime hooks</a>
 */
@Singleton
class SnapStart implements Resource {

  private final Optional<String> initialization;

  /**
   * @param initialization Lambda's {@code AWS_LAMBDA_INITIALIZATION_TYPE}
   */
  @Inject
  SnapStart(@ConfigProperty(name = "fanfare.initialization") Optional<String> initialization) {
    this.initialization = initialization;
  }

  void register(@Observes StartupEvent start) {
    if (initialization.filter("snap-start"::equals).isPresent()) {
      // The context holds it weakly; as a singleton bean it stays.
      Core.getGlobalContext().register(this);
    }
  }

  @Override
  public void beforeCheckpoint(Context<? extends Resource> context) {
    Priming.prime();
  }

  @Override
  public void afterRestore(Context<? extends Resource> context) {
    // The first invocation makes what belongs to one copy alone.
  }
}
