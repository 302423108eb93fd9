package dev.fanfare.work.files;

import java.util.List;

/**
 * What steps of a layered workspace see. Equal to nothing but itself: those for whom it was made
 * share it.
 */
public final class View {

  /** Nothing. */
  public static final View EMPTY = new View(List.of(), (step, other) -> false);

  private final List<LayerName> layers;
  private final Precedence precedence;

  /**
   * @param layers of the steps upstream, each after those it was made on; there need not be one for
   *     each of these names
   */
  public View(List<LayerName> layers, Precedence precedence) {
    this.layers = List.copyOf(layers);
    this.precedence = precedence;
  }

  public List<LayerName> layers() {
    return layers;
  }

  public Precedence precedence() {
    return precedence;
  }

  /** Which step saw the files of which. */
  @FunctionalInterface
  public interface Precedence {
    /** Whether the files of {@code step} were there when {@code other} began. */
    boolean isBefore(String step, String other);
  }
}
