package dev.fanfare.work.files;

import dev.fanfare.work.WorkException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Compositions, each made once for all who have the same view and want to see the same of it. They
 * go with their views.
 */
final class Compositions {

  private final LayerStore store;

  // Guarded by itself.
  private final Map<View, Map<List<String>, Slot>> slots = new WeakHashMap<>();

  Compositions(LayerStore store) {
    this.store = store;
  }

  /** Who comes second waits for who comes first, and finds what that has made. */
  private static final class Slot {
    private @Nullable Composition composition;
    private @Nullable WorkException conflict;
  }

  /**
   * The composition of a view.
   *
   * @param reads names; empty for everything
   * @throws WorkException code {@code workspace_conflict}
   */
  Composition of(RunFiles run, View view, List<String> reads) throws IOException, WorkException {
    if (view.layers().isEmpty()) {
      return Composition.of(List.of(), view.precedence(), reads);
    }
    Slot slot;
    synchronized (slots) {
      slot =
          slots
              .computeIfAbsent(view, ignored -> new HashMap<>())
              .computeIfAbsent(reads, ignored -> new Slot());
    }
    synchronized (slot) {
      if (slot.conflict != null) {
        throw slot.conflict;
      }
      if (slot.composition == null) {
        try {
          List<Layer> layers = store.find(run, view.layers());
          slot.composition = Composition.of(layers, view.precedence(), reads);
        } catch (WorkException e) {
          slot.conflict = e;
          throw e;
        }
      }
      return slot.composition;
    }
  }
}
