package dev.fanfare.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceTest {

  @Test
  void a_path_inside_is_resolved_whether_it_exists_or_not(@TempDir Path root) throws Exception {
    Workspace workspace = Workspace.create(root, "run");
    assertEquals(workspace.folder(), workspace.resolve(""));
    assertEquals(workspace.folder().resolve("b"), workspace.resolve("a/../b"));
    assertEquals(workspace.folder().resolve("x/y/z"), workspace.resolve("./x/y/z"));
    Files.createDirectory(workspace.folder().resolve("real"));
    Files.createSymbolicLink(workspace.folder().resolve("link"), Path.of("real"));
    assertEquals(workspace.folder().resolve("link/f"), workspace.resolve("link/f"));
  }

  @Test
  void a_path_that_leads_out_is_refused(@TempDir Path root) throws Exception {
    Workspace workspace = Workspace.create(root, "run");
    Files.createSymbolicLink(workspace.folder().resolve("up"), Path.of(".."));
    Files.createSymbolicLink(workspace.folder().resolve("abs"), Path.of("/etc"));
    for (String path :
        List.of("..", "../x", "a/../../x", "/etc", "/", "up", "up/x", "abs/passwd")) {
      WorkException refused =
          assertThrows(WorkException.class, () -> workspace.resolve(path), path);
      assertEquals("path_outside_workspace", refused.error().code(), path);
    }
    WorkException invalid = assertThrows(WorkException.class, () -> workspace.resolve("a\0b"));
    assertEquals("path_invalid", invalid.error().code());
  }

  @Test
  void a_link_to_nowhere_is_no_stack_trace(@TempDir Path root) throws Exception {
    Workspace workspace = Workspace.create(root, "run");
    Files.createSymbolicLink(workspace.folder().resolve("dead"), Path.of("/nowhere/at/all"));
    assertThrows(WorkException.class, () -> workspace.resolve("dead/x"));
  }

  @Test
  void a_file_is_read_as_far_as_was_asked_for(@TempDir Path root) throws Exception {
    Workspace workspace = Workspace.create(root, "run");
    Files.createDirectories(workspace.folder().resolve("a/b"));
    Files.writeString(workspace.folder().resolve("a/b/f"), "0123456789");
    Files.createSymbolicLink(workspace.folder().resolve("in"), Path.of("a/b/f"));
    for (String path : List.of("a/b/f", "in")) {
      Workspace.Content content = workspace.read(workspace.resolve(path), 4);
      assertEquals(10, content.size());
      assertEquals("0123", new String(content.bytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void a_path_that_is_changed_after_it_was_checked_leads_nowhere(@TempDir Path root)
      throws Exception {
    Path outside = Files.createDirectory(root.resolve("outside"));
    Files.writeString(outside.resolve("f"), "secret");
    Workspace workspace = Workspace.create(root.resolve("runs"), "run");
    Path inside = Files.createDirectory(workspace.folder().resolve("d"));
    Files.writeString(inside.resolve("f"), "mine");
    Path checked = workspace.resolve("d/f");
    Trees.delete(inside);
    Files.createSymbolicLink(inside, outside);
    WorkException refused = assertThrows(WorkException.class, () -> workspace.read(checked, 100));
    assertEquals("path_outside_workspace", refused.error().code());
  }

  @Test
  void while_others_move_links_about_only_files_inside_are_read(@TempDir Path root)
      throws Exception {
    Path outside = Files.createDirectory(root.resolve("outside"));
    Files.writeString(outside.resolve("f"), "secret");
    Workspace workspace = Workspace.create(root.resolve("runs"), "run");
    Path real = Files.createDirectory(workspace.folder().resolve("real"));
    Files.writeString(real.resolve("f"), "mine");
    Path name = workspace.folder().resolve("d");
    Path spare = workspace.folder().resolve("spare");
    AtomicBoolean over = new AtomicBoolean();
    Thread mover =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    while (!over.get()) {
                      Files.move(real, name);
                      Files.move(name, real);
                      Files.createSymbolicLink(spare, outside);
                      Files.move(spare, name);
                      Files.delete(name);
                    }
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                });
    int read = 0;
    for (int i = 0; i < 20_000; i++) {
      try {
        byte[] bytes = workspace.read(name.resolve("f"), 100).bytes();
        assertEquals("mine", new String(bytes, StandardCharsets.UTF_8));
        read++;
      } catch (IOException | WorkException e) {
        assertFalse(String.valueOf(e.getMessage()).contains("secret"));
      }
    }
    over.set(true);
    mover.join();
    assertTrue(read > 0, "it was there now and then");
  }

  @Test
  void what_is_no_file_is_not_read(@TempDir Path root) throws Exception {
    Workspace workspace = Workspace.create(root, "run");
    Files.createDirectories(workspace.folder().resolve("d"));
    Path pipe = workspace.folder().resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    for (String path : List.of("d", "pipe")) {
      WorkException refused =
          assertThrows(WorkException.class, () -> workspace.read(workspace.resolve(path), 4));
      assertEquals("path_invalid", refused.error().code(), path);
    }
    WorkException refused =
        assertThrows(WorkException.class, () -> workspace.read(workspace.folder(), 4));
    assertEquals("path_invalid", refused.error().code());
  }

  @Test
  void deleting_removes_links_and_not_what_they_lead_to(@TempDir Path root) throws Exception {
    Path outside = Files.createDirectory(root.resolve("outside"));
    Files.writeString(outside.resolve("kept"), "x");
    Workspace workspace = Workspace.create(root.resolve("runs"), "run");
    Files.createDirectories(workspace.folder().resolve("a/b"));
    Files.createSymbolicLink(workspace.folder().resolve("a/b/link"), outside);
    Trees.delete(workspace.folder());
    Trees.delete(workspace.folder());
    assertFalse(Files.exists(workspace.folder()));
    assertTrue(Files.exists(outside.resolve("kept")));
  }
}
