package dev.fanfare.infra;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.fanfare.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What Terraform would make: the resources of a plan. */
record Plan(String name, List<Resource> resources) {

  private static final Path PLANS = Path.of("target", "infra", "plans");

  /**
   * A resource as it is planned.
   *
   * @param address {@code aws_lambda_function.function["step"]}
   * @param key of {@code for_each}: {@code step}; empty without
   * @param values what is known before it exists
   */
  record Resource(String address, String type, String name, String key, Map<?, ?> values) {

    String text(String attribute) {
      return String.valueOf(values.get(attribute));
    }

    /** The first block of that name; empty where there is none. */
    Map<?, ?> block(String attribute) {
      return values.get(attribute) instanceof List<?> list
              && !list.isEmpty()
              && list.get(0) instanceof Map<?, ?> first
          ? first
          : Map.of();
    }
  }

  /** The plan of a case of {@code scripts/lib/infra-check}; ends the test where it was not made. */
  static Plan of(String name) {
    Path file = PLANS.resolve(name + ".json");
    try {
      if (!Files.exists(file) || older(file)) {
        abort("there is no plan of infra/ as it is now; scripts/test makes it: " + skipped());
      }
      Map<?, ?> plan = (Map<?, ?>) Json.parse(Files.readString(file));
      Map<?, ?> root = (Map<?, ?>) ((Map<?, ?>) plan.get("planned_values")).get("root_module");
      return new Plan(
          name, ((List<?>) root.get("resources")).stream().map(Plan::resource).toList());
    } catch (IOException | Json.JsonException e) {
      return fail(e);
    }
  }

  List<Resource> all(String type) {
    return resources.stream().filter(resource -> resource.type().equals(type)).toList();
  }

  Resource one(String address) {
    return resources.stream()
        .filter(resource -> resource.address().equals(address))
        .findFirst()
        .orElseGet(() -> fail(name + " plans no " + address));
  }

  private static Resource resource(@Nullable Object json) {
    Map<?, ?> map = (Map<?, ?>) json;
    Object index = map.get("index");
    return new Resource(
        String.valueOf(map.get("address")),
        String.valueOf(map.get("type")),
        String.valueOf(map.get("name")),
        index == null ? "" : String.valueOf(index),
        (Map<?, ?>) map.get("values"));
  }

  private static String skipped() throws IOException {
    Path why = Path.of("target", "infra", "skipped");
    return Files.exists(why) ? Files.readString(why).strip() : "it has not run";
  }

  private static boolean older(Path plan) throws IOException {
    try (Stream<Path> sources = Files.walk(Path.of("infra"))) {
      return sources
          .filter(file -> file.toString().endsWith(".tf"))
          .anyMatch(file -> file.toFile().lastModified() > plan.toFile().lastModified());
    }
  }
}
