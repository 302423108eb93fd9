package dev.fanfare.work.files;

import java.util.List;

/**
 * What a step of a layered workspace sees.
 *
 * @param layers of the steps upstream, each after those it was made on; there need not be one for
 *     each of these names
 */
public record View(List<LayerName> layers, Precedence precedence) {

  /** Nothing. */
  public static final View EMPTY = new View(List.of(), (step, other) -> false);

  public View {
    layers = List.copyOf(layers);
  }

  /** Which step saw the files of which. */
  @FunctionalInterface
  public interface Precedence {
    /** Whether the files of {@code step} were there when {@code other} began. */
    boolean isBefore(String step, String other);
  }
}
