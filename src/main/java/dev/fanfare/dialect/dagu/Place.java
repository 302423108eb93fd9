package dev.fanfare.dialect.dagu;

import dev.fanfare.definition.Template;
import dev.fanfare.dialect.Problems;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What holds for all steps of a document. */
final class Place {

  final Age age;
  final Problems problems;
  final Fields root;
  final Optional<Fields> defaults;

  /** What names mean at the top of the document. */
  final Scope scope;

  /** Names of parameters that can be read as {@code $1}, {@code $2} and so on. */
  List<String> positions = List.of();

  /**
   * Variables whose value is known when the run has begun: no environment of a run can hold them.
   */
  final Set<String> late = new LinkedHashSet<>();

  /** Names of the documents of this file. */
  Set<String> documents = Set.of();

  Variant variant = new Variant(Optional.empty(), false, "");

  Optional<String> shell = Optional.empty();
  Optional<String> image = Optional.empty();
  Map<String, Template> imageEnv = new LinkedHashMap<>();
  Optional<String> workdir = Optional.empty();

  /** Files of variables, those that count most first. */
  List<String> dotenv = List.of(".env");

  /** Whether steps find the status of the run in their environment. */
  boolean status;

  /** A condition for every step, where the document has preconditions. */
  Optional<String> gate = Optional.empty();

  /** The same for steps with another condition, or with none. */
  Place withGate(Optional<String> other) {
    Place copy = new Place(age, root, defaults, scope);
    copy.positions = positions;
    copy.late.addAll(late);
    copy.documents = documents;
    copy.variant = variant;
    copy.shell = shell;
    copy.image = image;
    copy.imageEnv = imageEnv;
    copy.workdir = workdir;
    copy.dotenv = dotenv;
    copy.gate = other;
    copy.status = status;
    return copy;
  }

  /** The same for steps that find the status of the run in their environment. */
  Place withStatus(boolean known) {
    status = known;
    return this;
  }

  Place(Age age, Fields root, Optional<Fields> defaults, Scope scope) {
    this.age = age;
    this.problems = root.problems();
    this.root = root;
    this.defaults = defaults;
    this.scope = scope;
  }
}
