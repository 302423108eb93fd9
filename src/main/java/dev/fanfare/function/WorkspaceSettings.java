package dev.fanfare.function;

import dev.fanfare.definition.DurationText;
import dev.fanfare.work.files.Limits;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;

/**
 * How large workspaces may become, how long they are kept, and where.
 *
 * @param keep from the end of a run; empty for ever
 * @param bucket where layers, long logs and large outputs are: the name of a bucket, or an absolute
 *     path of a folder; empty for folders below the home, and rows
 * @param shared where shared workspaces are, if not below the home
 * @param passing whether nothing below the home lasts: in the environment of a Lambda function
 */
public record WorkspaceSettings(
    Limits limits,
    Optional<Duration> keep,
    Optional<String> bucket,
    Optional<Path> shared,
    boolean passing) {

  /** The limits of {@link Limits#DEFAULT}; 30 days. */
  public static final WorkspaceSettings DEFAULT =
      new WorkspaceSettings(Limits.DEFAULT, Optional.of(Duration.ofDays(30)));

  private static final String LIMIT = "fanfare.workspace.limit";
  private static final String FILES = "fanfare.workspace.files";
  private static final String KEEP = "fanfare.workspace.keep";
  private static final String BUCKET = "fanfare.bucket";
  private static final String SHARED = "fanfare.workspaces";
  private static final String LAMBDA = "fanfare.functions.step";

  /** In folders below the home. */
  public WorkspaceSettings(Limits limits, Optional<Duration> keep) {
    this(limits, keep, Optional.empty(), Optional.empty(), false);
  }

  public WorkspaceSettings withBucket(String name) {
    return new WorkspaceSettings(limits, keep, Optional.of(name), shared, passing);
  }

  public WorkspaceSettings withShared(Path folder) {
    return new WorkspaceSettings(limits, keep, bucket, Optional.of(folder), passing);
  }

  /** As in the environment of a Lambda function. */
  public WorkspaceSettings asPassing() {
    return new WorkspaceSettings(limits, keep, bucket, shared, true);
  }

  /** Whether there is no folder that all steps of a run see. */
  boolean isApart() {
    return passing && shared.isEmpty();
  }

  private static final Pattern SIZE =
      Pattern.compile("([0-9]{1,15}(?:\\.[0-9]{1,3})?) ?([KMGT]?)(?:I?B)?");

  /** What S3 allows a bucket to be called, or the ARN of an access point. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]|arn:.+");

  private static final List<String> UNITS = List.of("", "K", "M", "G", "T");

  /**
   * As the process is configured.
   *
   * @throws SettingException if a value is none
   */
  static WorkspaceSettings of(Config config) {
    Limits limits =
        new Limits(
            value(config, LIMIT).map(WorkspaceSettings::bytes).orElse(Limits.DEFAULT.bytes()),
            value(config, FILES).map(WorkspaceSettings::count).orElse(Limits.DEFAULT.files()));
    return new WorkspaceSettings(
        limits,
        value(config, KEEP).map(WorkspaceSettings::keep).orElse(DEFAULT.keep()),
        value(config, BUCKET).map(WorkspaceSettings::bucket),
        value(config, SHARED).map(WorkspaceSettings::folder),
        value(config, LAMBDA).isPresent());
  }

  private static Optional<String> value(Config config, String name) {
    return config
        .getOptionalValue(name, String.class)
        .map(String::strip)
        .filter(text -> !text.isEmpty());
  }

  static String bucket(String text) {
    if (!text.startsWith("/") && !NAME.matcher(text).matches()) {
      throw wrong(BUCKET, text, "the name of a bucket, or an absolute path of a folder");
    }
    return text;
  }

  static Path folder(String text) {
    if (!text.startsWith("/")) {
      throw wrong(SHARED, text, "an absolute path, such as that of a mount");
    }
    return Path.of(text);
  }

  static long bytes(String text) {
    Matcher size = SIZE.matcher(text.toUpperCase(Locale.ROOT));
    if (!size.matches()) {
      throw wrong(LIMIT, text, "a size such as 500M or 4G");
    }
    long unit = 1L << (10 * UNITS.indexOf(size.group(2)));
    BigDecimal bytes = new BigDecimal(size.group(1)).multiply(BigDecimal.valueOf(unit));
    if (bytes.signum() == 0 || bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw wrong(LIMIT, text, "a size of at least one byte and at most 8388607T");
    }
    return bytes.longValue();
  }

  static long count(String text) {
    if (!text.matches("[1-9][0-9]{0,8}")) {
      throw wrong(FILES, text, "a number of files, at least 1");
    }
    return Long.parseLong(text);
  }

  static Optional<Duration> keep(String text) {
    if (text.equals("forever")) {
      return Optional.empty();
    }
    Optional<Duration> keep = DurationText.parse(text);
    if (keep.isEmpty()) {
      throw wrong(KEEP, text, "a duration such as 30d, or forever");
    }
    return keep;
  }

  private static SettingException wrong(String name, String value, String expected) {
    String variable = name.replace('.', '_').toUpperCase(Locale.ROOT);
    return new SettingException(
        "%s (%s) is '%s', but it has to be %s".formatted(variable, name, value, expected));
  }
}
