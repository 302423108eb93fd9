package dev.fanfare.function;

import dev.fanfare.work.http.HttpRoutes;
import org.eclipse.microprofile.config.Config;

/**
 * What stands in for the services and programs that a file names, so that it can be tried on a
 * machine that has neither.
 *
 * @param services where requests really go
 * @param programs folders that come first on the path of scripts, with {@code :} between them;
 *     empty for none
 */
public record StandIns(HttpRoutes services, String programs) {

  /** Everything is what it is called. */
  public static final StandIns NONE = new StandIns(HttpRoutes.NONE, "");

  /**
   * What the configuration says: {@code fanfare.http.routes} and {@code fanfare.programs}.
   *
   * @throws SettingException for a route that is none
   */
  static StandIns of(Config config) {
    try {
      return new StandIns(
          config
              .getOptionalValue("fanfare.http.routes", String.class)
              .map(HttpRoutes::of)
              .orElse(HttpRoutes.NONE),
          config.getOptionalValue("fanfare.programs", String.class).orElse(""));
    } catch (IllegalArgumentException e) {
      throw new SettingException("fanfare.http.routes: " + e.getMessage());
    }
  }
}
