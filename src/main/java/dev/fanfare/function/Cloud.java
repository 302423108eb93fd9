package dev.fanfare.function;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.microprofile.config.Config;

/**
 * What a process is told of AWS.
 *
 * @param endpoint of the services, where they are not those of the region: an emulator
 * @param images for each image that a step may ask for, the function that carries its tools
 */
public record Cloud(Optional<URI> endpoint, Map<String, String> images) {

  /** Nothing: the region's services, and no images. */
  public static final Cloud NONE = new Cloud(Optional.empty(), Map.of());

  private static final String IMAGES = "fanfare.images";

  public Cloud {
    images = Map.copyOf(images);
  }

  /**
   * What the configuration says: {@code fanfare.aws.endpoint}, and {@code fanfare.images} as {@code
   * IMAGE=FUNCTION;..} or as one property {@code fanfare.images."IMAGE"} each.
   *
   * @throws IllegalArgumentException for an entry that names no function
   */
  public static Cloud of(Config config) {
    Map<String, String> images = new TreeMap<>();
    config.getOptionalValue(IMAGES, String.class).map(Cloud::images).ifPresent(images::putAll);
    for (String name : config.getPropertyNames()) {
      if (name.startsWith(IMAGES + ".")) {
        String image = name.substring(IMAGES.length() + 1).replaceAll("^\"|\"$", "");
        config
            .getOptionalValue(name, String.class)
            .ifPresent(function -> images.put(image, function));
      }
    }
    return new Cloud(
        config.getOptionalValue("fanfare.aws.endpoint", String.class).map(URI::create), images);
  }

  /**
   * Reads {@code IMAGE=FUNCTION;IMAGE=FUNCTION}.
   *
   * @throws IllegalArgumentException for an entry that names no function
   */
  public static Map<String, String> images(String text) {
    Map<String, String> images = new TreeMap<>();
    for (String entry : text.split(";", -1)) {
      if (entry.isBlank()) {
        continue;
      }
      int equals = entry.lastIndexOf('=');
      if (equals < 1 || equals == entry.length() - 1) {
        throw new IllegalArgumentException(
            "fanfare.images is IMAGE=FUNCTION;IMAGE=FUNCTION, but it has '" + entry.strip() + "'");
      }
      images.put(entry.substring(0, equals).strip(), entry.substring(equals + 1).strip());
    }
    return images;
  }
}
