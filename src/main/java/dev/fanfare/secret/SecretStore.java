package dev.fanfare.secret;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Values of secrets by their names. Safe for use by many threads; never blocks its caller. */
public interface SecretStore {

  /** What a secret may be called, as in a workflow file. No path can be made of it. */
  Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,127}");

  /** Has no secrets. */
  SecretStore NONE =
      new SecretStore() {
        @Override
        public Uni<Optional<String>> value(String name) {
          return Uni.createFrom().item(Optional.empty());
        }

        @Override
        public List<String> places(String name) {
          return List.of();
        }
      };

  /**
   * The value of a secret, empty where there is none of this name. Fails with {@link
   * SecretUnavailableException} when a place cannot be asked.
   */
  Uni<Optional<String>> value(String name);

  /** Where a secret of this name is looked for, in words that fit behind "looked in". */
  List<String> places(String name);
}
