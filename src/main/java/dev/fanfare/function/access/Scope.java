package dev.fanfare.function.access;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a caller may do. Each scope has the ones before it in it. */
public enum Scope {
  /** Look. */
  READ,
  /** Start, rerun and cancel runs, decide approvals, publish events. */
  RUN,
  /** Register and pause workflows, make and revoke tokens. */
  ADMIN;

  /** The name, as people and payloads write it. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Scope> of(String id) {
    return Arrays.stream(values()).filter(scope -> scope.id().equals(id)).findFirst();
  }

  /** Every name, for a sentence: {@code read, run, admin}. */
  public static String all() {
    return Arrays.stream(values()).map(Scope::id).collect(Collectors.joining(", "));
  }

  /** Whether somebody with these scopes may do what takes this one. */
  public boolean isIn(Collection<Scope> held) {
    return held.stream().anyMatch(scope -> scope.compareTo(this) >= 0);
  }

  /** In the order of their power. */
  static Set<Scope> set(Collection<Scope> scopes) {
    return scopes.isEmpty() ? EnumSet.noneOf(Scope.class) : EnumSet.copyOf(scopes);
  }
}
