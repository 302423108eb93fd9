package dev.fanfare.dialect.circleci;

import dev.fanfare.dialect.yaml.YamlNode.Entry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a file, or an orb in it, defines by name. */
final class Library {

  private final Map<Kind, Map<String, Entry>> defined = new LinkedHashMap<>();
  private final Map<String, Library> orbs = new LinkedHashMap<>();
  private final Map<String, String> fetched = new LinkedHashMap<>();
  private final Set<Entry> used = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Optional<Library> outer;

  private Library(Optional<Library> outer) {
    this.outer = outer;
  }

  /** What can be defined. */
  enum Kind {
    JOB("job"),
    COMMAND("command"),
    EXECUTOR("executor"),
    GROUP("job group");

    private final String title;

    Kind(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  /** Where a name leads. */
  sealed interface Found {
    /** To a definition, whose own names are looked up in {@code home}. */
    record Defined(Entry entry, Library home) implements Found {}

    /** Into an orb that would have to be downloaded. */
    record External(String orb, String source, String name) implements Found {}

    /** Nowhere. */
    record Missing() implements Found {}
  }

  static Library root() {
    return new Library(Optional.empty());
  }

  /** The library of an orb, which may use the orbs of the file around it. */
  Library orb(String name) {
    Library inner = new Library(Optional.of(this));
    orbs.put(name, inner);
    return inner;
  }

  void fetched(String name, String source) {
    fetched.put(name, source);
  }

  void define(Kind kind, Entry entry) {
    defined.computeIfAbsent(kind, any -> new LinkedHashMap<>()).put(entry.key(), entry);
  }

  /** Looks a name up, which may begin with that of an orb. */
  Found find(Kind kind, String name) {
    int slash = name.indexOf('/');
    if (slash < 0) {
      Entry entry = defined.getOrDefault(kind, Map.of()).get(name);
      if (entry == null) {
        return new Found.Missing();
      }
      used.add(entry);
      return new Found.Defined(entry, this);
    }
    return inOrb(kind, name.substring(0, slash), name.substring(slash + 1));
  }

  private Found inOrb(Kind kind, String orb, String name) {
    Library inner = orbs.get(orb);
    if (inner != null) {
      return inner.find(kind, name);
    }
    String source = fetched.get(orb);
    if (source != null) {
      return new Found.External(orb, source, name);
    }
    return outer.map(around -> around.inOrb(kind, orb, name)).orElseGet(Found.Missing::new);
  }

  /** Names of a kind, for suggestions. */
  List<String> names(Kind kind) {
    List<String> names = new ArrayList<>(defined.getOrDefault(kind, Map.of()).keySet());
    orbs.forEach((orb, inner) -> inner.names(kind).forEach(name -> names.add(orb + "/" + name)));
    return names;
  }

  /** Definitions that nothing has looked up, those of orbs too. */
  List<Unused> unused() {
    List<Unused> found = new ArrayList<>();
    defined.forEach(
        (kind, entries) ->
            entries.values().stream()
                .filter(entry -> !used.contains(entry))
                .forEach(entry -> found.add(new Unused(kind, entry, this))));
    orbs.values().forEach(inner -> found.addAll(inner.unused()));
    return found;
  }

  /** Everything that is defined, in orbs too. */
  List<Entry> all() {
    List<Entry> found = new ArrayList<>();
    defined.values().forEach(entries -> found.addAll(entries.values()));
    orbs.values().forEach(inner -> found.addAll(inner.all()));
    return found;
  }

  /** A definition that nothing uses. */
  record Unused(Kind kind, Entry entry, Library home) {}

  /** The only job, where there is exactly one of this name and no other. */
  Optional<Entry> job(String name) {
    return Optional.ofNullable(defined.getOrDefault(Kind.JOB, Map.of()).get(name));
  }
}
