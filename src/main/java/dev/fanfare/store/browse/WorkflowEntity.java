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
import org.hibernate.annotations.Immutable;

/** One version of a registered workflow. */
@Entity
@Immutable
@Table(name = "workflow")
@IdClass(WorkflowEntity.Key.class)
public class WorkflowEntity extends PanacheEntityBase {

  /** What identifies a version. */
  public record Key(String name, int version) implements Serializable {}

  @Id public String name = "";

  @Id public int version;

  public String description = "";

  public String dialect = "";

  @Column(name = "file_name")
  public String fileName = "";

  public String source = "";

  @Column(name = "created_at")
  public Instant createdAt = Instant.EPOCH;

  /**
   * The newest version of each workflow, by name.
   *
   * @param after the last name that was seen; empty to begin
   */
  public static Uni<List<WorkflowEntity>> newest(String after, int limit) {
    return Panache.withSession(
        () ->
            WorkflowEntity.<WorkflowEntity>find(
                    "from WorkflowEntity w where w.name > ?1 and w.version ="
                        + " (select max(v.version) from WorkflowEntity v where v.name = w.name)"
                        + " order by w.name",
                    after)
                .page(0, limit)
                .list());
  }

  /**
   * A version of a workflow.
   *
   * @param version empty for the newest
   */
  public static Uni<Optional<WorkflowEntity>> version(String name, Optional<Integer> version) {
    return Panache.withSession(
        () ->
            WorkflowEntity.<WorkflowEntity>find(
                    "from WorkflowEntity w where w.name = ?1 and (?2 < 1 or w.version = ?2)"
                        + " order by w.version desc",
                    name,
                    version.orElse(0))
                .page(0, 1)
                .list()
                .map(found -> found.stream().findFirst()));
  }
}
