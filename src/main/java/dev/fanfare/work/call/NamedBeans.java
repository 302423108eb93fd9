package dev.fanfare.work.call;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The application's {@code @Named} beans that are a {@link CallStep}. */
@ApplicationScoped
public class NamedBeans implements CallSteps {

  private final Instance<JavaStep> blocking;
  private final Instance<ReactiveStep> reactive;

  @Inject
  NamedBeans(@Any Instance<JavaStep> blocking, @Any Instance<ReactiveStep> reactive) {
    this.blocking = blocking;
    this.reactive = reactive;
  }

  @Override
  public Optional<CallStep> find(String name) {
    Optional<CallStep> found = first(blocking, name);
    return found.isPresent() ? found : first(reactive, name);
  }

  @Override
  public SortedSet<String> names() {
    SortedSet<String> names = new TreeSet<>(namesOf(blocking));
    names.addAll(namesOf(reactive));
    return names;
  }

  private static Optional<CallStep> first(Instance<? extends CallStep> beans, String name) {
    return beans
        .handlesStream()
        .filter(handle -> name.equals(handle.getBean().getName()))
        .findFirst()
        .map(Instance.Handle::get);
  }

  private static SortedSet<String> namesOf(Instance<? extends CallStep> beans) {
    return beans
        .handlesStream()
        .map(handle -> handle.getBean().getName())
        .filter(Objects::nonNull)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
