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
import java.util.UUID;
import org.hibernate.annotations.Formula;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** One entry of a run's event log, from the view that shows each by itself. */
@Entity
@Immutable
@Table(name = "run_event")
@IdClass(EventEntity.Key.class)
public class EventEntity extends PanacheEntityBase {

  /** What identifies an entry. */
  public record Key(UUID run, long seq) implements Serializable {}

  @Id
  @Column(name = "run_id")
  public UUID run = new UUID(0, 0);

  @Id public long seq;

  public Instant at = Instant.EPOCH;

  public String type = "";

  /** The step it is about; absent where it is about the run. */
  public @Nullable String step;

  /** The whole entry as JSON. */
  @Formula("cast(body as text)")
  public String json = "";

  /**
   * Entries about one step, in order.
   *
   * @param after the last sequence number that was seen; 0 to begin
   */
  public static Uni<List<EventEntity>> ofStep(UUID run, String step, long after, int limit) {
    return Panache.withSession(
        () ->
            EventEntity.<EventEntity>find(
                    "from EventEntity e where e.run = ?1 and e.step = ?2 and e.seq > ?3"
                        + " order by e.seq",
                    run,
                    step,
                    after)
                .page(0, limit)
                .list());
  }
}
