package dev.fanfare.invoke.lambda;

import dev.fanfare.invoke.Invocation;
import dev.fanfare.invoke.lambda.Claims.Handling;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;

/** Puts claimed steps together that may share an invocation. */
final class Packing {

  /** Most steps of one message to a dispatcher. */
  static final int LARGEST_CHUNK = 1_000;

  /** Most bytes of the claims in a payload; above 256 KiB the service counts more than one. */
  static final int LARGEST_PAYLOAD = 200_000;

  /** Steps that one function gets with one call, and how they are to be handed out further. */
  record Parcel(List<Invocation> steps, Handling handling) {}

  /** Which function a step is for, if not the step function, and with how many of its kind. */
  private record Kind(Optional<String> function, int together) {}

  private final Map<String, String> images;
  private final ToIntFunction<Invocation> together;

  /**
   * @param images for each image the function that carries its tools
   * @param together how many steps of its kind may share an invocation with a step, itself counted
   */
  Packing(Map<String, String> images, ToIntFunction<Invocation> together) {
    this.images = Map.copyOf(images);
    this.together = together;
  }

  /** Steps of one kind together, in the order in which they came. */
  List<Parcel> byKind(List<Invocation> steps) {
    Map<Kind, List<Invocation>> kinds = new LinkedHashMap<>();
    for (Invocation step : steps) {
      Optional<String> function = ImageInvoker.image(step).map(images::get);
      Kind kind = new Kind(function, function.isPresent() ? 1 : together.applyAsInt(step));
      kinds.computeIfAbsent(kind, ignored -> new ArrayList<>()).add(step);
    }
    List<Parcel> parcels = new ArrayList<>();
    kinds.forEach(
        (kind, some) ->
            parcels.add(new Parcel(some, new Handling(kind.together(), kind.function(), 0))));
    return parcels;
  }

  /** What each invocation gets. */
  static List<Parcel> packs(Parcel parcel) {
    return split(parcel, Math.max(1, parcel.handling().pack()));
  }

  /** What each message to a dispatcher gets. */
  static List<Parcel> chunks(Parcel parcel) {
    return split(parcel, LARGEST_CHUNK);
  }

  /** As few parts as may be, of about the same size. */
  private static List<Parcel> split(Parcel parcel, int most) {
    List<Invocation> steps = parcel.steps();
    int parts = Math.ceilDiv(steps.size(), most);
    int each = Math.ceilDiv(steps.size(), Math.max(1, parts));
    List<Parcel> split = new ArrayList<>();
    List<Invocation> part = new ArrayList<>();
    int bytes = 0;
    for (Invocation step : steps) {
      int size = Claims.size(step);
      if (!part.isEmpty() && (part.size() == each || bytes + size > LARGEST_PAYLOAD)) {
        split.add(new Parcel(List.copyOf(part), parcel.handling()));
        part.clear();
        bytes = 0;
      }
      part.add(step);
      bytes += size;
    }
    if (!part.isEmpty()) {
      split.add(new Parcel(List.copyOf(part), parcel.handling()));
    }
    return split;
  }
}
