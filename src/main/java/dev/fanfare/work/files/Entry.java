package dev.fanfare.work.files;

/**
 * What a layer says about one path.
 *
 * @param size bytes of a file
 * @param mode permission bits of a file or folder, -1 where the file system has none
 * @param modified of a file: nanoseconds since 1970
 * @param content of a file the SHA-256 in hexadecimal, of a link where it leads, as a name
 */
record Entry(Kind kind, long size, int mode, long modified, String content) {

  private static final int EXECUTABLE = 0100;

  /** Kinds by their letter in a manifest. */
  enum Kind {
    FILE('f'),
    LINK('l'),
    FOLDER('d'),
    /** A file or link that was there before. */
    GONE('x'),
    /** A folder that was there before; what others put into it stays. */
    GONE_FOLDER('X');

    final char letter;

    Kind(char letter) {
      this.letter = letter;
    }

    static Kind of(char letter) {
      for (Kind kind : values()) {
        if (kind.letter == letter) {
          return kind;
        }
      }
      throw new IllegalArgumentException("no kind of entry: " + letter);
    }
  }

  static Entry file(long size, int mode, long modified, String sha256) {
    return new Entry(Kind.FILE, size, mode, modified, sha256);
  }

  static Entry link(String target) {
    return new Entry(Kind.LINK, 0, -1, 0, target);
  }

  static Entry folder(int mode) {
    return new Entry(Kind.FOLDER, 0, mode, 0, "");
  }

  static Entry gone() {
    return new Entry(Kind.GONE, 0, -1, 0, "");
  }

  static Entry goneFolder() {
    return new Entry(Kind.GONE_FOLDER, 0, -1, 0, "");
  }

  boolean isThere() {
    return switch (kind) {
      case FILE, LINK, FOLDER -> true;
      case GONE, GONE_FOLDER -> false;
    };
  }

  /** Whether it makes no difference which of the two one finds. */
  boolean isLike(Entry other) {
    return kind == other.kind
        && content.equals(other.content)
        && (kind != Kind.FILE || isExecutable() == other.isExecutable());
  }

  private boolean isExecutable() {
    return mode >= 0 && (mode & EXECUTABLE) != 0;
  }
}
