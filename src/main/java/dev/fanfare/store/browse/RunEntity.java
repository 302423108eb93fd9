package dev.fanfare.store.browse;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** A run, without its values. */
@Entity
@Immutable
@Table(name = "run")
public class RunEntity extends PanacheEntityBase {

  @Id public UUID id = new UUID(0, 0);

  public String workflow = "";

  public String status = "";

  public int attempt;

  @Column(name = "created_at")
  public Instant createdAt = Instant.EPOCH;

  @Column(name = "finished_at")
  public @Nullable Instant finishedAt;

  /** What a list of runs is narrowed to. */
  public record Filter(Optional<String> workflow, Optional<String> status) {}

  /**
   * Runs, newest first.
   *
   * @param before only runs that are older than this one
   */
  public static Uni<List<RunEntity>> newest(Filter filter, Optional<RunEntity> before, int limit) {
    StringBuilder query = new StringBuilder("from RunEntity r where 1 = 1");
    Map<String, Object> values = new HashMap<>();
    filter
        .workflow()
        .ifPresent(
            workflow -> {
              query.append(" and r.workflow = :workflow");
              values.put("workflow", workflow);
            });
    filter
        .status()
        .ifPresent(
            status -> {
              query.append(" and r.status = :status");
              values.put("status", status);
            });
    before.ifPresent(
        run -> {
          query.append(" and r.createdAt <= :at and (r.createdAt < :at or r.id < :id)");
          values.put("at", run.createdAt);
          values.put("id", run.id);
        });
    query.append(" order by r.createdAt desc, r.id desc");
    return Panache.withSession(
        () -> RunEntity.<RunEntity>find(query.toString(), values).page(0, limit).list());
  }

  /** A run by its id. */
  public static Uni<Optional<RunEntity>> byId(UUID id) {
    return Panache.withSession(() -> RunEntity.<RunEntity>findById(id).map(Optional::ofNullable));
  }

  /** At most two ids in a range: enough to tell whether an abbreviation means one run. */
  public static Uni<List<UUID>> idsBetween(UUID first, UUID last) {
    return Panache.withSession(
        () ->
            RunEntity.<RunEntity>find("from RunEntity r where r.id between ?1 and ?2", first, last)
                .page(0, 2)
                .list()
                .map(found -> found.stream().map(run -> run.id).toList()));
  }
}
