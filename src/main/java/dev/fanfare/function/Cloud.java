package dev.fanfare.function;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
   * @throws SettingException for an entry that names no function
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
        config.getOptionalValue("fanfare.aws.endpoint", String.class).map(Cloud::endpoint), images);
  }

  private static URI endpoint(String text) {
    try {
      URI uri = new URI(text.strip());
      if (uri.getHost() != null && Set.of("http", "https").contains(uri.getScheme())) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // said below
    }
    throw new SettingException(
        "fanfare.aws.endpoint must be an address such as http://127.0.0.1:4566, and not '"
            + text
            + "'");
  }

  /**
   * Reads {@code IMAGE=FUNCTION;IMAGE=FUNCTION}.
   *
   * @throws SettingException for an entry that names no function
   */
  public static Map<String, String> images(String text) {
    Map<String, String> images = new TreeMap<>();
    for (String entry : text.split(";", -1)) {
      if (entry.isBlank()) {
        continue;
      }
      int equals = entry.lastIndexOf('=');
      if (equals < 1 || equals == entry.length() - 1) {
        throw new SettingException(
            "fanfare.images is IMAGE=FUNCTION;IMAGE=FUNCTION, but it has '" + entry.strip() + "'");
      }
      images.put(entry.substring(0, equals).strip(), entry.substring(equals + 1).strip());
    }
    return images;
  }
}
