package dev.fanfare.store.browse;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** A step that something has happened to, without its values. */
@Entity
@Immutable
@Table(name = "step")
@IdClass(StepEntity.Key.class)
public class StepEntity extends PanacheEntityBase {

  /** What identifies a step. */
  public record Key(UUID run, String path) implements Serializable {}

  @Id
  @Column(name = "run_id")
  public UUID run = new UUID(0, 0);

  @Id public String path = "";

  public String status = "";

  public int attempt;

  @Column(name = "exit_code")
  public @Nullable Integer exitCode;

  @Column(name = "released_by")
  public String releasedBy = "";

  @Column(name = "backoff_ms")
  public long backoffMs;

  @Column(name = "ready_at")
  public @Nullable Instant readyAt;

  @Column(name = "started_at")
  public @Nullable Instant startedAt;

  @Column(name = "ended_at")
  public @Nullable Instant endedAt;

  public @Nullable String worker;

  /**
   * Steps of a run by path.
   *
   * @param status only steps in it
   * @param after the last path that was seen; empty to begin
   */
  public static Uni<List<StepEntity>> of(
      UUID run, Optional<String> status, String after, int limit) {
    return Panache.withSession(
        () ->
            StepEntity.<StepEntity>find(
                    "from StepEntity s where s.run = ?1 and s.path > ?2"
                        + " and (?3 = '' or s.status = ?3) order by s.path",
                    run,
                    after,
                    status.orElse(""))
                .page(0, limit)
                .list());
  }
}
