package dev.fanfare.work.files;

import dev.fanfare.definition.Outcome;
import dev.fanfare.work.WorkException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** An attempt in the one folder of its run. */
record SharedStay(Path folder, Limits limits, Watch watch) implements Stay {

  /** Part of the time that may be spent on counting the files of one run: a twentieth. */
  private static final int REST = 20;

  private static final long SHORT_NANOS = 5_000_000;

  /** When the folder of a run was last counted, and how long that took. */
  static final class Watch {
    private final ReentrantLock counting = new ReentrantLock();
    private long endedAt;
    private long lasted;

    /** Whether to count now; whoever is told so calls {@link #end}. */
    boolean begin() {
      if (!counting.tryLock()) {
        return false; // somebody else does
      }
      if (lasted > SHORT_NANOS && System.nanoTime() - endedAt < REST * lasted) {
        counting.unlock();
        return false;
      }
      endedAt = System.nanoTime();
      return true;
    }

    void end() {
      long now = System.nanoTime();
      lasted = now - endedAt;
      endedAt = now;
      counting.unlock();
    }
  }

  @Override
  public Outcome finish(Outcome outcome) {
    if (!(outcome instanceof Outcome.Succeeded succeeded) || !watch.begin()) {
      return outcome;
    }
    try {
      Tally tally = new Tally(limits, Manifest.Usage.NONE);
      count(tally);
      tally.check();
      return outcome;
    } catch (WorkException e) {
      return new Outcome.Failed(e.error(), succeeded.output());
    } catch (IOException e) {
      return outcome; // whoever needs what cannot be read will say so
    } finally {
      watch.end();
    }
  }

  private void count(Tally tally) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            tally.add(Names.of(folder, file), attributes.isRegularFile() ? attributes.size() : 0);
            return tally.isOver() ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure) {
            return FileVisitResult.CONTINUE; // other steps are at work here
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) {
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Override
  public void leave() {}
}
