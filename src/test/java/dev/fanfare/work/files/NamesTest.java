package dev.fanfare.work.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.work.WorkException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamesTest {

  @TempDir Path folder;

  @Test
  void names_are_plain_where_they_can_be() {
    assertEquals("a/b-c_d.e~f(1)", Names.of(folder, folder.resolve("a/b-c_d.e~f(1)")));
    assertEquals("a%20b/100%25", Names.of(folder, folder.resolve("a b").resolve("100%")));
  }

  @Test
  void any_bytes_of_a_name_survive() throws Exception {
    for (String name : List.of("%C3%BC%E2%82%AC", "%FF%FE%80", "tab%09", "a%0Ab", "%F0%9F%8E%BA")) {
      Path file = Names.in(folder, name);
      Files.writeString(file, name);
      try (var found = Files.newDirectoryStream(folder)) {
        Path only = found.iterator().next();
        assertEquals(name, Names.of(folder, only));
        assertEquals(name, Files.readString(Names.in(folder, Names.of(folder, only))));
      }
      Files.delete(file);
    }
  }

  @Test
  void a_written_path_is_the_name_of_the_file_it_means() throws Exception {
    assertEquals("dist", Names.written("dist/"));
    assertEquals("dist/a", Names.written("./dist//a"));
    assertEquals("", Names.written("."));
    assertEquals("%C3%BC/b%20c", Names.written("ü/b c"));
    for (String out : List.of("..", "../x", "a/../b", "/etc")) {
      WorkException refused = assertThrows(WorkException.class, () -> Names.written(out));
      assertEquals("path_outside_workspace", refused.error().code());
    }
  }

  @Test
  void a_prefix_is_a_folder_and_not_the_beginning_of_a_word() {
    assertTrue(Names.isWithin("dist/a", "dist"));
    assertTrue(Names.isWithin("dist", "dist"));
    assertTrue(Names.isWithin("dist", ""));
    assertFalse(Names.isWithin("distance", "dist"));
    assertFalse(Names.isWithin("dis", "dist"));
  }

  @Test
  void messages_show_names_as_people_wrote_them() {
    assertEquals("ü b?", Names.shown("%C3%BC%20b%0A"));
  }
}
