package dev.fanfare.dialect.circleci;

import dev.fanfare.definition.SourceSpan;
import dev.fanfare.dialect.circleci.Library.Found;
import dev.fanfare.dialect.circleci.Library.Kind;
import dev.fanfare.dialect.circleci.Parameters.Argument;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Entry;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import dev.fanfare.dialect.yaml.YamlNode.Sequence;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a job, with its executor, for one place that invokes it. */
final class JobReader {

  private static final String DEFAULT_SHELL = "bash -eo pipefail";
  private static final String DEFAULT_FOLDER = "~/project";
  private static final int MAX_NODES = 1_000;

  private final Fields fields;
  private final Parameters parameters;
  private final boolean checking;

  JobReader(Fields fields, boolean checking) {
    this.fields = fields;
    this.parameters = new Parameters(fields, checking);
    this.checking = checking;
  }

  /** Steps around those of the job, as an invocation gives them. */
  record Around(
      Optional<YamlNode> before, Optional<YamlNode> after, Scope scope, Library library) {}

  /** Where a job runs: its own keys, and below them those of its executor. */
  private record Setting(
      Optional<String> image,
      Optional<String> shell,
      Optional<String> folder,
      Map<String, String> environment) {

    static final Setting NONE =
        new Setting(Optional.empty(), Optional.empty(), Optional.empty(), Map.of());

    Setting over(Setting below) {
      Map<String, String> merged = new LinkedHashMap<>(below.environment);
      merged.putAll(environment);
      return new Setting(
          image.or(() -> below.image),
          shell.or(() -> below.shell),
          folder.or(() -> below.folder),
          merged);
    }
  }

  /**
   * Reads a job.
   *
   * @param arguments of the invocation, by name
   * @param scope where it is invoked
   * @param at where it is invoked, for what is missing there
   */
  Job job(
      Found.Defined job,
      Map<String, Argument> arguments,
      Around around,
      Scope scope,
      SourceSpan at) {
    String what = "the job '" + job.entry().key() + "'";
    if (!(job.entry().value() instanceof Mapping map)) {
      wrong(job.entry().value(), what + " must be a mapping");
      return Job.of(Job.NO_OP);
    }
    Section section = fields.ledger().open("job", map);
    section.node("description");
    Map<String, Parameter> declared = parameters.declared(section, false);
    Scope inside = parameters.bind(what, declared, arguments, scope, at);
    String type = fields.text(section, "type", inside).orElse(Job.BUILD);
    Job read =
        switch (type) {
          case Job.BUILD -> build(section, job, around, inside, what);
          case Job.APPROVAL, Job.NO_OP -> idle(section, type);
          default -> {
            section.badValue(
                section.keySpan("type"),
                "a job of the type '" + type + "' cannot run here",
                "types are build, approval and no-op; releases are CircleCI's own");
            yield Job.of(Job.NO_OP);
          }
        };
    section.close();
    return read;
  }

  /** The steps of an approval are ignored by CircleCI too. */
  private Job idle(Section section, String type) {
    for (String key : List.of("steps", "docker", "machine", "macos", "executor", "environment")) {
      section.withoutEffect(key);
    }
    return Job.of(type);
  }

  private Job build(Section section, Found.Defined job, Around around, Scope scope, String what) {
    Setting setting =
        setting(section, scope).over(executor(section, job.home(), scope)).over(Setting.NONE);
    String shell = setting.shell().orElse(DEFAULT_SHELL);
    int nodes = fields.integer(section, "parallelism", 1, MAX_NODES, scope).orElse(1);
    StepReader steps = new StepReader(fields, parameters, shell, checking);
    around.before().ifPresent(list -> steps.read(list, around.library(), around.scope()));
    if (!section.has("steps")) {
      fields.missing(what, "steps", job.entry().keySpan());
    }
    section.node("steps").ifPresent(list -> steps.read(list, job.home(), scope));
    around.after().ifPresent(list -> steps.read(list, around.library(), around.scope()));
    return new Job(
        Job.BUILD,
        setting.image(),
        setting.environment(),
        setting.folder().orElse(DEFAULT_FOLDER),
        nodes,
        steps.actions());
  }

  private Setting setting(Section section, Scope scope) {
    Optional<String> image = section.node("docker").flatMap(node -> docker(section, node, scope));
    section.node("machine").ifPresent(node -> machine(section, node, scope));
    section.node("macos").ifPresent(node -> macos(section, node, scope));
    Optional<String> sized = fields.text(section, "resource_class", scope);
    if (sized.filter(size -> size.startsWith("windows")).isPresent()) {
      elsewhere(section.keySpan("resource_class"), "Windows");
    }
    return new Setting(
        image,
        fields.text(section, "shell", scope),
        fields.text(section, "working_directory", scope),
        fields.environment(section, "environment", scope));
  }

  private Optional<String> docker(Section owner, YamlNode node, Scope scope) {
    if (!(node instanceof Sequence list)) {
      owner.wrongType(node, "'docker'", "a list of images");
      return Optional.empty();
    }
    Optional<String> first = Optional.empty();
    for (int i = 0; i < list.items().size(); i++) {
      Optional<Section> section = owner.section(list.items().get(i), "an image", "docker");
      Optional<String> image = section.flatMap(each -> fields.text(each, "image", scope));
      section.ifPresent(Section::close);
      if (i == 0) {
        first = image;
      } else if (image.isPresent()) {
        service(image.get(), list.items().get(i).span());
      }
    }
    return first;
  }

  private void service(String image, SourceSpan span) {
    fields
        .problems()
        .warning(
            "service-not-started",
            "no container is started: '" + image + "' has to be there already",
            span,
            "start it on this machine, where the job looks for it on localhost");
  }

  private void machine(Section owner, YamlNode node, Scope scope) {
    if (node instanceof Mapping map) {
      Section section = fields.ledger().open("machine", map);
      Optional<String> image = fields.text(section, "image", scope);
      section.close();
      if (image.filter(name -> name.startsWith("windows")).isPresent()) {
        elsewhere(map.span(), "Windows");
      }
    } else if (!(node instanceof Scalar)) {
      owner.wrongType(node, "'machine'", "a mapping or true");
    }
  }

  private void macos(Section owner, YamlNode node, Scope scope) {
    Optional<Section> section = owner.section(node, "'macos'", "macos");
    section.ifPresent(each -> fields.text(each, "xcode", scope));
    section.ifPresent(Section::close);
    elsewhere(node.span(), "macOS");
  }

  private void elsewhere(SourceSpan span, String system) {
    fields
        .problems()
        .warning(
            "other-system",
            "the job is made for " + system + " and runs on this machine, whatever that is",
            span,
            "");
  }

  private Setting executor(Section section, Library library, Scope scope) {
    Optional<YamlNode> node = section.node("executor");
    return node.map(written -> executor(written, library, scope, 0)).orElse(Setting.NONE);
  }

  private Setting executor(YamlNode node, Library library, Scope scope, int depth) {
    return switch (node) {
      case Scalar scalar -> {
        Value value = fields.rendering().value(scalar, scope);
        yield value instanceof Value.Executor handed && depth == 0
            ? executor(handed.node(), library, handed.scope(), 1)
            : named(value.shown(), Map.of(), library, scope, scalar.span());
      }
      case Mapping map -> {
        Section section = fields.ledger().open("executor-use", map);
        Optional<String> name = fields.text(section, "name", scope);
        Map<String, Argument> arguments = new LinkedHashMap<>();
        for (Entry entry : map.entries()) {
          if (!entry.key().equals("name")) {
            section.read(entry);
            arguments.put(entry.key(), new Argument.Written(entry.value(), scope, entry.keySpan()));
          }
        }
        if (name.isEmpty()) {
          fields.missing("'executor'", "name", map.span());
        }
        yield name.map(text -> named(text, arguments, library, scope, map.span()))
            .orElse(Setting.NONE);
      }
      case Sequence list -> {
        wrong(list, "an executor is a name, or a mapping with a name");
        yield Setting.NONE;
      }
    };
  }

  private Setting named(
      String name, Map<String, Argument> arguments, Library library, Scope scope, SourceSpan at) {
    return switch (library.find(Kind.EXECUTOR, name)) {
      case Found.Defined found when found.entry().value() instanceof Mapping map ->
          defined(map, "the executor '" + name + "'", arguments, scope, at);
      case Found.Defined found -> {
        wrong(found.entry().value(), "the executor '" + name + "' must be a mapping");
        yield Setting.NONE;
      }
      case Found.External external -> {
        fields
            .problems()
            .warning(
                "orb-not-fetched",
                "the executor '"
                    + name
                    + "' is in the orb "
                    + external.source()
                    + ", which is not downloaded; the job runs where every step runs",
                at,
                "");
        yield Setting.NONE;
      }
      case Found.Missing ignored -> {
        if (!checking) {
          fields
              .problems()
              .error(
                  "unknown-executor",
                  "there is no executor '" + name + "'",
                  at,
                  Names.suggestion(name, library.names(Kind.EXECUTOR), "executors"));
        }
        yield Setting.NONE;
      }
    };
  }

  /** Looks at an executor that nothing uses. */
  void executor(Mapping map, Scope scope) {
    defined(map, "an executor", Map.of(), scope, map.span());
  }

  private Setting defined(
      Mapping map, String what, Map<String, Argument> arguments, Scope scope, SourceSpan at) {
    Section section = fields.ledger().open("executor", map);
    section.node("description");
    Map<String, Parameter> declared = parameters.declared(section, false);
    Setting setting = setting(section, parameters.bind(what, declared, arguments, scope, at));
    section.close();
    return setting;
  }

  private void wrong(YamlNode node, String message) {
    fields.ledger().settleAll(node);
    fields
        .problems()
        .error("wrong-type", message + ", found " + Section.describe(node), node.span(), "");
  }
}
