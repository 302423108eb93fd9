package dev.fanfare.dialect.dagu;

import dev.fanfare.dialect.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Executors that are programs of the machine: their command lines. */
final class Programs {

  private final Place place;

  Programs(Place place) {
    this.place = place;
  }

  String script(Fields fields, Kinds.Action action) {
    return switch (action.type()) {
      case "jq.filter" -> jq(fields, action);
      case "ssh.run" -> ssh(fields, action);
      case "docker.run" -> docker(fields, action);
      case "log.write" -> log(fields, action);
      case "wait.file" -> waitForFile(fields, action);
      default -> waitUntil(fields, action);
    };
  }

  private static Optional<Fields> config(Fields fields, Kinds.Action action, String section) {
    return action.config().flatMap(with -> fields.section(with, "'with'", section));
  }

  private static String jq(Fields fields, Kinds.Action action) {
    Optional<Fields> config = config(fields, action, "jq");
    String filter =
        config.flatMap(with -> with.text("filter")).or(() -> fields.text("command")).orElse(".");
    Optional<YamlNode> data = config.flatMap(with -> with.free("data"));
    Optional<String> file = config.flatMap(with -> with.text("input"));
    boolean raw = config.map(with -> with.flag("raw")).orElse(false);
    config.ifPresent(Fields::close);
    String jq = "jq " + (raw ? "-r " : "") + Texts.still(filter);
    if (file.isPresent()) {
      return jq + " " + Texts.live(file.get());
    }
    String input = data.map(Scripts::text).or(() -> fields.text("script")).orElse("null");
    return "printf '%s\\n' " + Texts.still(input) + " | " + jq;
  }

  private String ssh(Fields fields, Kinds.Action action) {
    Optional<Fields> own = config(fields, action, "ssh");
    Optional<Fields> shared = place.root.section("ssh", "ssh");
    List<String> words = new ArrayList<>(List.of("ssh"));
    option(words, "-p", text(own, shared, "port"));
    option(words, "-i", text(own, shared, "key"));
    text(own, shared, "strict_host_key")
        .filter(strict -> strict.equals("false"))
        .ifPresent(no -> words.addAll(List.of("-o", "StrictHostKeyChecking=no")));
    text(own, shared, "known_host_file")
        .ifPresent(file -> words.addAll(List.of("-o", Texts.live("UserKnownHostsFile=" + file))));
    String host = text(own, shared, "host").or(() -> text(own, shared, "ip")).orElse("");
    if (host.isEmpty()) {
      fields.badValue(fields.span(), "the step does not say on which host it runs", "add 'host'");
    }
    String user = text(own, shared, "user").map(name -> name + "@").orElse("");
    words.add(Texts.live(user + host));
    String command =
        own.flatMap(with -> with.text("command"))
            .or(() -> fields.text("command"))
            .or(() -> fields.text("script"))
            .orElse("");
    words.add(
        text(own, shared, "shell")
            .map(shell -> shell + " -c " + Texts.live(Texts.still(command)))
            .orElse(Texts.still(command)));
    own.ifPresent(Fields::close);
    shared.ifPresent(Fields::close);
    return String.join(" ", words);
  }

  private static Optional<String> text(Optional<Fields> own, Optional<Fields> shared, String key) {
    return own.flatMap(with -> with.text(key)).or(() -> shared.flatMap(with -> with.text(key)));
  }

  private static void option(List<String> words, String option, Optional<String> value) {
    value.ifPresent(text -> words.addAll(List.of(option, Texts.live(text))));
  }

  private static String docker(Fields fields, Kinds.Action action) {
    Optional<Fields> config = config(fields, action, "docker");
    String command =
        config
            .flatMap(with -> with.text("command"))
            .or(() -> fields.text("command"))
            .or(() -> fields.text("script").map(script -> "sh -c " + Texts.live(script)))
            .orElse("");
    Optional<String> image = config.flatMap(with -> with.text("image"));
    Optional<String> name = config.flatMap(with -> with.text("container_name"));
    List<String> words = new ArrayList<>(List.of("docker"));
    if (image.isEmpty() && name.isEmpty()) {
      fields.badValue(fields.span(), "the step names no image", "add 'image' to its config");
    } else if (image.isEmpty()) {
      words.addAll(List.of("exec", Texts.live(name.get())));
    } else {
      words.add("run");
      Fields with = config.get();
      if (with.flag("auto_remove")) {
        words.add("--rm");
      }
      option(words, "--name", name);
      option(words, "--platform", with.text("platform"));
      option(words, "--pull", with.text("pull").map(Programs::pull));
      option(words, "--workdir", with.text("working_dir"));
      option(words, "--network", with.text("network"));
      with.texts("volumes").forEach(volume -> option(words, "--volume", Optional.of(volume)));
      with.free("container").ifPresent(container -> environment(words, container));
      words.add(Texts.live(image.get()));
    }
    config.ifPresent(Fields::close);
    return String.join(" ", words) + " " + command;
  }

  private static String pull(String written) {
    return switch (written.toLowerCase(Locale.ROOT)) {
      case "true" -> "always";
      case "false" -> "never";
      default -> written;
    };
  }

  private static void environment(List<String> words, YamlNode container) {
    if (container instanceof YamlNode.Mapping map
        && map.get("env").orElse(null) instanceof YamlNode.Sequence list) {
      list.items().forEach(item -> option(words, "--env", Optional.of(Scripts.text(item))));
    }
  }

  private static String log(Fields fields, Kinds.Action action) {
    Optional<Fields> config = config(fields, action, "log");
    String message = config.flatMap(with -> with.text("message")).orElse("");
    config.ifPresent(Fields::close);
    return "printf '%s\\n' " + Texts.still(message);
  }

  private static String waitForFile(Fields fields, Kinds.Action action) {
    Optional<Fields> config = config(fields, action, "wait");
    String path = config.flatMap(with -> with.text("path")).orElse("");
    boolean missing =
        config.flatMap(with -> with.text("state")).filter("missing"::equals).isPresent();
    String pause = config.flatMap(with -> with.text("poll_interval")).orElse("1s");
    config.ifPresent(Fields::close);
    return "until test %s-e %s; do sleep %s; done"
        .formatted(missing ? "! " : "", Texts.live(path), Texts.live(pause));
  }

  private static String waitUntil(Fields fields, Kinds.Action action) {
    Optional<Fields> config = config(fields, action, "wait");
    String until = config.flatMap(with -> with.text("until")).orElse("");
    config.ifPresent(Fields::close);
    return "dagu_rest=$(( $(date -d %s +%%s) - $(date +%%s) ))\ntest \"$dagu_rest\" -le 0 || sleep \"$dagu_rest\""
        .formatted(Texts.live(until));
  }
}
