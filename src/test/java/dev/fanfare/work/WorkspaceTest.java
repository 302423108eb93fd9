package dev.fanfare.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
