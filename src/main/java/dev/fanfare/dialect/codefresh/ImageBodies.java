package dev.fanfare.dialect.codefresh;

import dev.fanfare.definition.Expr;
import dev.fanfare.definition.SourceSpan;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Work;
import dev.fanfare.dialect.key.Section;
import dev.fanfare.dialect.yaml.YamlNode;
import dev.fanfare.dialect.yaml.YamlNode.Mapping;
import dev.fanfare.dialect.yaml.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Images: built and pushed with the docker command line of the machine. Every value reaches the
 * script as a variable, so none can become code.
 */
final class ImageBodies {

  /** Integrations that are called as most people call them. */
  private static final Map<String, String> REGISTRIES =
      Map.of(
          "dockerhub", "docker.io",
          "docker.io", "docker.io",
          "gcr", "gcr.io",
          "quay", "quay.io",
          "ghcr", "ghcr.io");

  private static final Set<String> NOT_FOR_DOCKER = Set.of("original", "lowercase");

  private final Context context;
  private final FreestyleBodies scripts;

  ImageBodies(Context context) {
    this.context = context;
    this.scripts = new FreestyleBodies(context);
  }

  Bodies.Made build(StepNode node, Section step, Place place) {
    Script script = new Script(node, place);
    if (step.text("image_name").isEmpty()) {
      missing(node, "image_name", "the name of the image that is built");
    }
    script.set("CF_IMAGE", node.text("image_name").orElse(""), step.keySpan("image_name"));
    List<String> tags = tags(step, node, script, "CF_BRANCH_TAG_NORMALIZED");
    StringBuilder build = new StringBuilder(builder(step, script));
    build.append(dockerfile(step, script));
    tags.forEach(tag -> build.append(" -t \"$CF_IMAGE:$").append(tag).append('"'));
    options(step, script, build);
    scripts.folder(step, node);
    List<String> lines = new ArrayList<>();
    lines.add(
        step.has("dockerfile_content")
            ? "printf '%s\\n' \"$CF_DOCKERFILE_CONTENT\" | " + build + " -f - ."
            : build + " .");
    String first = "$CF_IMAGE:$" + tags.getFirst();
    lines.add("CF_IMAGE_ID=$(docker image inspect --format '{{.Id}}' \"" + first + "\")");
    output(lines, "imageId=$CF_IMAGE_ID");
    output(lines, "imageName=$CF_IMAGE");
    output(lines, "imageTag=$" + tags.getFirst());
    output(lines, "imageNameWithTag=" + first);
    boolean pushes = !context.flag(step, "disable_push").orElse(false);
    if (step.has("registry")) {
      registry(step, script, lines, pushes);
      if (pushes) {
        login(step, script, lines);
        tags.forEach(tag -> pushed(lines, first, tag));
      }
    }
    return made(node, step, lines, script);
  }

  private static void output(List<String> lines, String line) {
    lines.add("echo \"" + line + "\" >> \"$FANFARE_OUTPUT\"");
  }

  private String builder(Section step, Script script) {
    Optional<YamlNode> buildx = step.free("buildx");
    boolean plain =
        buildx.isEmpty()
            || (buildx.get() instanceof Scalar scalar && scalar.text().equals("false"));
    if (context.flag(step, "buildkit").orElse(false)) {
      script.env.put("DOCKER_BUILDKIT", Template.literal("1"));
    }
    return plain ? "docker build" : "docker buildx build --load";
  }

  private String dockerfile(Section step, Script script) {
    step.text("dockerfile_content")
        .ifPresent(
            text -> script.set("CF_DOCKERFILE_CONTENT", text, step.keySpan("dockerfile_content")));
    Optional<String> file = step.text("dockerfile");
    if (step.has("dockerfile_content")) {
      return "";
    }
    script.set("CF_DOCKERFILE", file.orElse("Dockerfile"), step.keySpan("dockerfile"));
    return " -f \"$CF_DOCKERFILE\"";
  }

  private void options(Section step, Script script, StringBuilder build) {
    for (Scalar argument : arguments(step)) {
      build.append(" --build-arg \"$").append(script.add(argument)).append('"');
    }
    one(step, script, build, "target", "--target");
    one(step, script, build, "platform", "--platform");
    one(step, script, build, "progress", "--progress");
    many(step, script, build, "cache_from", "--cache-from");
    many(step, script, build, "ssh", "--ssh");
    many(step, script, build, "secrets", "--secret");
    if (context.flag(step, "no_cache").orElse(false)) {
      build.append(" --no-cache");
    }
    if (context.flag(step, "squash").orElse(false)) {
      build.append(" --squash");
    }
  }

  /** {@code NAME=value} in a list, or a mapping. */
  private List<Scalar> arguments(Section step) {
    if (!(step.node("build_arguments").orElse(null) instanceof Mapping map)) {
      return scripts.words(step, "build_arguments");
    }
    context.ledger().settleAll(map);
    List<Scalar> found = new ArrayList<>();
    map.entries()
        .forEach(
            entry -> {
              if (entry.value() instanceof Scalar scalar) {
                String line = entry.key() + "=" + scalar.text();
                found.add(new Scalar(line, line, scalar.style(), scalar.span(), scalar.source()));
              } else {
                step.wrongType(entry.value(), "'" + entry.key() + "'", "a text");
              }
            });
    return found;
  }

  private static void one(
      Section step, Script script, StringBuilder build, String key, String option) {
    step.text(key)
        .ifPresent(
            value -> {
              String name = "CF_" + key.toUpperCase(Locale.ROOT);
              script.set(name, value, step.keySpan(key));
              build.append(' ').append(option).append(" \"$").append(name).append('"');
            });
  }

  private void many(Section step, Script script, StringBuilder build, String key, String option) {
    for (Scalar value : scripts.words(step, key)) {
      build.append(' ').append(option).append(" \"$").append(script.add(value)).append('"');
    }
  }

  Bodies.Made push(StepNode node, Section step, Place place) {
    Script script = new Script(node, place);
    Optional<String> candidate = step.text("candidate");
    if (candidate.isEmpty()) {
      missing(node, "candidate", "the image that is pushed: ${{the_build_step}}");
    }
    script.set("CF_CANDIDATE", candidate.orElse(""), step.keySpan("candidate"));
    String source = candidate.orElse("");
    Optional<String> name = step.text("image_name");
    if (name.isPresent()) {
      script.set("CF_IMAGE", name.get(), step.keySpan("image_name"));
    } else {
      script.set("CF_IMAGE", nameOf(source), step.keySpan("candidate"));
    }
    List<String> tags = tags(step, node, script, "latest");
    List<String> lines = new ArrayList<>();
    registry(step, script, lines, true);
    login(step, script, lines);
    tags.forEach(tag -> pushed(lines, "$CF_CANDIDATE", tag));
    output(lines, "imageId=$CF_CANDIDATE");
    output(lines, "imageName=$CF_TARGET");
    output(lines, "imageTag=$" + tags.getFirst());
    scripts.folder(step, node);
    return made(node, step, lines, script);
  }

  /** The name of a candidate: that of the step which built it, or the image without its tag. */
  private static String nameOf(String candidate) {
    var variable = Texts.VARIABLE.matcher(candidate.strip());
    if (variable.matches()) {
      return "${{" + variable.group(1) + ".imageName}}";
    }
    int colon = candidate.lastIndexOf(':');
    return colon > candidate.lastIndexOf('/') ? candidate.substring(0, colon) : candidate;
  }

  private static void pushed(List<String> lines, String source, String tag) {
    lines.add("docker tag \"" + source + "\" \"$CF_TARGET:$" + tag + "\"");
    lines.add("docker push \"$CF_TARGET:$" + tag + "\"");
  }

  /** Finds the address of a registry; where nobody knows it, the step fails and says what to do. */
  private void registry(Section step, Script script, List<String> lines, boolean used) {
    Optional<String> written = step.text("registry");
    String name = written.orElse("");
    boolean address = name.contains(".") || name.contains(":") || name.contains("$");
    String known = address ? name : REGISTRIES.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    String parameter = "CF_REGISTRY_" + name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    if (known.isEmpty() && used && !name.isEmpty()) {
      if (context.variables().known(parameter).isEmpty()) {
        context
            .problems()
            .warning(
                "unknown-registry",
                "nobody has said where the registry '" + name + "' is",
                step.keySpan("registry"),
                "give its address: --param " + parameter + "=registry.example.com");
      }
      script.set("CF_REGISTRY", "${{" + parameter + "}}", step.keySpan("registry"));
      lines.add(
          "case \"$CF_REGISTRY\" in *{*) echo \"the registry "
              + parameter.substring("CF_REGISTRY_".length())
              + " has no address: give --param "
              + parameter
              + "=...\" >&2; exit 1;; esac");
    } else {
      script.set("CF_REGISTRY", known, step.keySpan("registry"));
    }
    lines.add("CF_TARGET=\"${CF_REGISTRY:+$CF_REGISTRY/}$CF_IMAGE\"");
  }

  private void login(Section step, Script script, List<String> lines) {
    if (step.free("credentials").orElse(null) instanceof Mapping map
        && map.get("username").orElse(null) instanceof Scalar user
        && map.get("password").orElse(null) instanceof Scalar password) {
      script.set("CF_LOGIN_USER", user.text(), user.span());
      script.set("CF_LOGIN_PASSWORD", password.text(), password.span());
      lines.add(
          "printf '%s' \"$CF_LOGIN_PASSWORD\" | docker login -u \"$CF_LOGIN_USER\""
              + " --password-stdin \"$CF_REGISTRY\"");
    }
  }

  /** Reads the tags; the names of the variables that hold them. */
  private List<String> tags(Section step, StepNode node, Script script, String otherwise) {
    String policy = step.text("tag_policy").orElse("lowercase");
    if (!NOT_FOR_DOCKER.contains(policy)) {
      step.badValue(step.keySpan("tag_policy"), "'tag_policy' is original or lowercase", "");
    }
    List<Scalar> written = new ArrayList<>(scripts.words(step, "tag"));
    written.addAll(scripts.words(step, "tags"));
    List<String> names = new ArrayList<>();
    boolean lower = node.type == StepType.BUILD && policy.equals("lowercase");
    for (Scalar tag : written) {
      String name = "CF_TAG_" + (names.size() + 1);
      script.tag(name, tag.text(), tag.span(), lower);
      names.add(name);
    }
    if (names.isEmpty()) {
      boolean variable = otherwise.startsWith("CF_");
      script.tag("CF_TAG_1", variable ? "${{" + otherwise + "}}" : otherwise, node.span, lower);
      names.add("CF_TAG_1");
    }
    return names;
  }

  private void missing(StepNode node, String key, String what) {
    context
        .problems()
        .error("missing-key", "the step '" + node.id + "' has no '" + key + "'", node.span, what);
  }

  private Bodies.Made made(StepNode node, Section step, List<String> lines, Script script) {
    Work work =
        new Work.Run(
            lines,
            Optional.empty(),
            scripts.workdir(node, step),
            Optional.empty(),
            Map.of(),
            FreestyleBodies.TOOLS);
    return Bodies.Made.of(work, script.env);
  }

  /** The variables of a script that is being written. */
  private final class Script {
    private final Map<String, Template> env = new LinkedHashMap<>();
    private final Place place;
    private int count;

    Script(StepNode node, Place place) {
      this.place = place.step() == null ? Place.of(node) : place;
    }

    void set(String name, String value, SourceSpan span) {
      env.put(name, context.texts().template(value, span, place));
    }

    /** A tag that stays a variable without a value is {@code latest}. */
    void tag(String name, String value, SourceSpan span, boolean lower) {
      String cel =
          "cel.bind(g, "
              + context.texts().cel(value, place)
              + ", g.contains(\"${{\") ? \"latest\" : g"
              + (lower ? ".lowerAscii())" : ")");
      env.put(name, new Template.Expression(new Expr(cel, span)));
    }

    String add(Scalar value) {
      String name = "CF_ARG_" + ++count;
      set(name, value.text(), value.span());
      return name;
    }
  }
}
