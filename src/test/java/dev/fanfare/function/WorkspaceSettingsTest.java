package dev.fanfare.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WorkspaceSettingsTest {

  @Test
  void sizes_are_read_as_people_write_them() {
    assertEquals(4L << 30, WorkspaceSettings.bytes("4G"));
    assertEquals(4L << 30, WorkspaceSettings.bytes("4 GiB"));
    assertEquals(500L << 20, WorkspaceSettings.bytes("500mb"));
    assertEquals(3L << 29, WorkspaceSettings.bytes("1.5G"));
    assertEquals(1000, WorkspaceSettings.bytes("1000"));
    assertEquals(2048, WorkspaceSettings.bytes("2k"));
  }

  @Test
  void how_long_to_keep_is_a_duration_or_for_ever() {
    assertEquals(Optional.of(Duration.ofDays(15)), WorkspaceSettings.keep("15d"));
    assertEquals(Optional.of(Duration.ZERO), WorkspaceSettings.keep("0s"));
    assertEquals(Optional.empty(), WorkspaceSettings.keep("forever"));
  }

  @Test
  void what_cannot_be_used_is_refused_with_the_name_of_the_setting() {
    for (String size : List.of("", "0", "much", "-1G", "4X", "99999999999999T", "4G4")) {
      SettingException refused =
          assertThrows(SettingException.class, () -> WorkspaceSettings.bytes(size), size);
      assertTrue(refused.getMessage().startsWith("FANFARE_WORKSPACE_LIMIT"), size);
      assertTrue(refused.getMessage().contains("'" + size + "'"), size);
    }
    for (String files : List.of("0", "-5", "many", "1e6", "9999999999")) {
      assertThrows(SettingException.class, () -> WorkspaceSettings.count(files), files);
    }
    assertThrows(SettingException.class, () -> WorkspaceSettings.keep("a while"));
  }
}
