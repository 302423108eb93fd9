package dev.fanfare.secret;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;

/** Several stores, one behind the other: the first that has a secret decides. */
public final class LayeredSecrets implements SecretStore {

  private final List<SecretStore> stores;

  public LayeredSecrets(List<SecretStore> stores) {
    this.stores = List.copyOf(stores);
  }

  /** Does not go past a store that fails: what stands behind it may be an older value. */
  @Override
  public Uni<Optional<String>> value(String name) {
    return from(0, name);
  }

  private Uni<Optional<String>> from(int index, String name) {
    if (index == stores.size()) {
      return Uni.createFrom().item(Optional.empty());
    }
    return stores
        .get(index)
        .value(name)
        .flatMap(found -> found.isPresent() ? Uni.createFrom().item(found) : from(index + 1, name));
  }

  @Override
  public List<String> places(String name) {
    return stores.stream().flatMap(store -> store.places(name).stream()).toList();
  }
}
