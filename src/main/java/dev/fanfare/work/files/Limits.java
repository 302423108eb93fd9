package dev.fanfare.work.files;

/**
 * How large the workspace of a run may become.
 *
 * @param bytes of all files
 * @param files files, links and folders
 */
public record Limits(long bytes, long files) {

  /** 4 GiB, 500,000 files. */
  public static final Limits DEFAULT = new Limits(4L << 30, 500_000);
}
