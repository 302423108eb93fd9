package dev.fanfare.api;

import dev.fanfare.function.EngineRoom;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Where requests are served, the engine works from the start: what a server that is gone has left
 * is taken over at once, schedules are kept, and no request pays for the opening.
 */
@Singleton
public class ApiStart {

  void open(
      @Observes StartupEvent event,
      Access access,
      Instance<EngineRoom> room,
      @ConfigProperty(name = "quarkus.http.host-enabled") boolean serves) {
    if (serves) {
      access.check();
      room.get().openSchedules();
    }
  }
}
