package dev.fanfare.function;

import dev.fanfare.conductor.Settings;
import dev.fanfare.function.flow.FlowBeans;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Gives the application its one engine room, opened when it is first asked for. */
@Singleton
public class EngineRoomProducer {

  private Optional<EngineRoom> made = Optional.empty();

  /**
   * @param home folder for workspaces and scratch files; {@code FANFARE_HOME} for the command line
   */
  @Produces
  @Singleton
  EngineRoom engineRoom(
      Pool pool,
      FlowBeans flows,
      Config config,
      @ConfigProperty(name = "fanfare.home") String home) {
    EngineRoom.Options local = EngineRoom.Options.local(Path.of(home));
    Settings settings =
        Deployment.lease(config).map(local.settings()::withLease).orElse(local.settings());
    EngineRoom.Options options =
        new EngineRoom.Options(local.home(), settings, local.shellSlots(), local.budget())
            .withSecrets(SecretSources.of(config, System.getenv()))
            .with(WorkspaceSettings.of(config))
            .with(Cloud.of(config))
            .with(StandIns.of(config));
    Optional<Deployment> deployment = Deployment.of(config);
    EngineRoom room =
        new EngineRoom(pool, deployment.map(options::with).orElse(options), flows.steps());
    room.open();
    flows.serve(room, pool);
    made = Optional.of(room);
    return room;
  }

  /**
   * Stops the engine room, if it was ever made. Quarkus closes the connection pool before it
   * disposes of beans, and what has just been committed may have to be followed by a grant.
   */
  public void stop() {
    Optional<EngineRoom> room = made;
    made = Optional.empty();
    room.ifPresent(EngineRoom::close);
  }

  void close(@Disposes EngineRoom room) {
    if (made.filter(room::equals).isPresent()) {
      stop();
    }
  }
}
