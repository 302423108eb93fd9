package tally;

/** A version of three numbers and, perhaps, a name for what comes before it. */
public record Version(int major, int minor, int patch, String early)
    implements Comparable<Version> {

  /** Reads a version such as 1.4.0 or 2.0.0-rc1. */
  public static Version parse(String text) {
    int dash = text.indexOf('-');
    String numbers = dash < 0 ? text : text.substring(0, dash);
    String early = dash < 0 ? "" : text.substring(dash + 1);
    String[] parts = numbers.split("\\.", -1);
    if (parts.length != 3 || (dash >= 0 && early.isEmpty())) {
      throw new IllegalArgumentException("'" + text + "' is no version");
    }
    try {
      return new Version(
          Integer.parseUnsignedInt(parts[0]),
          Integer.parseUnsignedInt(parts[1]),
          Integer.parseUnsignedInt(parts[2]),
          early);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is no version");
    }
  }

  @Override
  public int compareTo(Version other) {
    int order = Integer.compare(major, other.major);
    order = order != 0 ? order : Integer.compare(minor, other.minor);
    order = order != 0 ? order : Integer.compare(patch, other.patch);
    if (order != 0 || early.equals(other.early)) {
      return order;
    }
    if (early.isEmpty() || other.early.isEmpty()) {
      return early.isEmpty() ? 1 : -1;
    }
    return early.compareTo(other.early);
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + patch + (early.isEmpty() ? "" : "-" + early);
  }
}
