package dev.fanfare.store;

import io.smallrye.mutiny.Uni;
import java.util.Optional;

/**
 * Who this process is for the database, where its settings do not say so. Asked for each new
 * connection and never before one is needed: a password that was changed meanwhile is found, and a
 * snapshot of the process holds none.
 */
@FunctionalInterface
public interface LoginSource {

  /** User and password, which {@code toString} does not show. */
  record Login(String user, String password) {
    @Override
    public String toString() {
      return "Login[user=" + user + "]";
    }
  }

  /** Empty where the settings of the pool hold. */
  Optional<Uni<Login>> login();
}
