package dev.fanfare.function.flow;

import dev.fanfare.dsl.Flows;
import dev.fanfare.dsl.Runs;
import dev.fanfare.function.EngineRoom;
import dev.fanfare.work.call.NamedBeans;
import io.quarkus.arc.Arc;
import io.quarkus.arc.InstanceHandle;
import io.quarkus.arc.Unremovable;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;

/** The workflows of the application: of its beans, its class path and the jars it is given. */
@ApplicationScoped
@Unremovable // the command line looks it up by hand
public class FlowBeans {

  /** Where jars with workflows are; {@code FANFARE_JARS}. */
  public static final String JARS = "fanfare.jars";

  private final Instance<Flows> beans;
  private final NamedBeans named;
  private final Optional<String> jars;
  private Optional<FlowBook> book = Optional.empty();
  private Optional<FlowSteps> steps = Optional.empty();
  private Optional<FlowHost> host = Optional.empty();

  @Inject
  FlowBeans(@Any Instance<Flows> beans, NamedBeans named, Config config) {
    this.beans = beans;
    this.named = named;
    this.jars = config.getOptionalValue(JARS, String.class).filter(text -> !text.isBlank());
  }

  /** The workflows; defined when somebody asks first. */
  public synchronized FlowBook book() {
    if (book.isEmpty()) {
      List<FlowBook.Definer> definers = new ArrayList<>();
      beans
          .handlesStream()
          .map(
              handle ->
                  new FlowBook.Definer(
                      handle.get(), "the bean " + handle.getBean().getBeanClass().getName()))
          .forEach(definers::add);
      definers.addAll(FlowSources.onClassPath());
      jars.map(FlowSources::inJars).ifPresent(definers::addAll);
      book = Optional.of(definers.isEmpty() ? FlowBook.EMPTY : FlowBook.of(definers));
    }
    return book.get();
  }

  /** What steps of this process may call. */
  public synchronized FlowSteps steps() {
    if (steps.isEmpty()) {
      steps = Optional.of(new FlowSteps(book(), named, new Beans()));
    }
    return steps.get();
  }

  /** Lets workflows reach the engine, and registers them. Blocks. */
  public synchronized void serve(EngineRoom room, Pool pool) {
    host = Optional.of(steps().serve(room, pool));
  }

  /** Other runs, for whoever is no step. */
  @Produces
  @ApplicationScoped
  Runs runs(Instance<EngineRoom> room) {
    room.get(); // whoever makes the engine serves the workflows
    return host.map(FlowHost::runs)
        .orElseThrow(() -> new IllegalStateException("the engine has no workflows yet"));
  }

  /** Beans of the application by their types. */
  private static final class Beans implements FlowSteps.ServiceLookup {
    @Override
    public <T> Optional<T> find(Class<T> type) {
      InstanceHandle<T> handle = Arc.container().instance(type);
      return handle.isAvailable() ? Optional.of(handle.get()) : Optional.empty();
    }
  }
}
