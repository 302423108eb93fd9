package dev.fanfare.local.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Real servers and real processes. */
class EmbeddedPostgresTest {

  @TempDir(cleanup = CleanupMode.ALWAYS)
  Path home;

  private final List<Process> users = new ArrayList<>();

  @AfterEach
  void nothing_is_left_behind() throws Exception {
    for (Process user : users) {
      user.destroyForcibly().waitFor();
    }
    if (server().isPresent()) {
      try (EmbeddedPostgres last = open()) {
        assertTrue(last.database().port() > 0);
      }
    }
  }

  @Test
  void data_survives_and_every_commit_is_durable() throws Exception {
    try (EmbeddedPostgres first = open()) {
      query(first.database(), "CREATE TABLE kept AS SELECT 42 AS answer", false);
    }
    assertTrue(server().isEmpty());
    try (EmbeddedPostgres second = open()) {
      assertEquals("42", query(second.database(), "SELECT answer FROM kept", true));
      assertEquals("on", query(second.database(), "SHOW fsync", true));
      assertEquals("on", query(second.database(), "SHOW synchronous_commit", true));
      assertEquals("on", query(second.database(), "SHOW full_page_writes", true));
      assertEquals("127.0.0.1", query(second.database(), "SHOW listen_addresses", true));
    }
  }

  @Test
  void nobody_enters_without_the_password() throws Exception {
    try (EmbeddedPostgres server = open()) {
      Database ours = server.database();
      assertThrows(
          SQLException.class,
          () -> DriverManager.getConnection(ours.jdbcUrl(), ours.user(), "wrong").close());
      assertEquals(
          "rwx------",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(directory().root())));
    }
  }

  @Test
  void two_processes_share_one_server_and_the_last_one_stops_it() throws Exception {
    Process first = user();
    Process second = user();
    assertEquals(port(first), port(second));
    leave(first);
    assertTrue(server().isPresent());
    leave(second);
    assertTrue(server().isEmpty());
  }

  @Test
  void processes_that_start_at_once_start_one_server() throws Exception {
    List<Process> all = List.of(user(), user(), user());
    List<Integer> ports = new ArrayList<>();
    for (Process user : all) {
      ports.add(port(user));
    }
    assertEquals(1, ports.stream().distinct().count());
    for (Process user : all) {
      leave(user);
    }
    assertTrue(server().isEmpty());
  }

  @Test
  void the_server_of_a_killed_process_is_taken_over() throws Exception {
    Process killed = user();
    int port = port(killed);
    killed.destroyForcibly().waitFor();
    assertTrue(server().isPresent());
    try (EmbeddedPostgres next = open()) {
      assertEquals(port, next.database().port());
    }
    assertTrue(server().isEmpty());
  }

  @Test
  void a_killed_server_leaves_a_mark_that_does_no_harm() throws Exception {
    Process user = user();
    port(user);
    long pid = server().orElseThrow().pid();
    assertEquals(0, new ProcessBuilder("sh", "-c", "kill -9 " + pid).start().waitFor());
    leave(user);
    assertTrue(Files.exists(PostmasterFile.in(directory().data())));
    try (EmbeddedPostgres next = open()) {
      assertEquals("1", query(next.database(), "SELECT 1", true));
    }
  }

  @Test
  void a_mark_with_the_id_of_another_process_does_no_harm() throws Exception {
    open().close();
    Path mark = PostmasterFile.in(directory().data());
    String data = directory().data().toString();
    Files.writeString(
        mark, ProcessHandle.current().pid() + "\n" + data + "\n1\n5432\n\n127.0.0.1\n0 0\nready\n");
    try (EmbeddedPostgres next = open()) {
      assertEquals("1", query(next.database(), "SELECT 1", true));
    }
  }

  @Test
  void a_process_cannot_open_one_home_twice() throws Exception {
    try (EmbeddedPostgres first = open()) {
      assertTrue(first.database().port() > 0);
      PostgresException refused = assertThrows(PostgresException.class, this::open);
      assertTrue(refused.getMessage().contains("already"));
    }
    assertFalse(server().isPresent());
  }

  private ServerDirectory directory() throws IOException {
    return Placement.of(home).directory();
  }

  private EmbeddedPostgres open() throws IOException {
    return EmbeddedPostgres.open(home, EmbeddedPostgres.Options.DEFAULT);
  }

  private Optional<PostmasterFile> server() throws IOException {
    Path data = directory().data();
    return PostmasterFile.read(data).filter(found -> found.isServerAlive(data));
  }

  private Process user() throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ServerUser.class.getName(),
                home.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    users.add(process);
    return process;
  }

  private static int port(Process user) throws IOException {
    BufferedReader lines = user.inputReader();
    return Integer.parseInt(String.valueOf(lines.readLine()));
  }

  private static void leave(Process user) throws Exception {
    user.getOutputStream().close();
    assertTrue(user.waitFor(60, TimeUnit.SECONDS));
  }

  private static String query(Database database, String sql, boolean answers) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
        Statement statement = connection.createStatement()) {
      if (!answers) {
        statement.execute(sql);
        return "";
      }
      try (ResultSet row = statement.executeQuery(sql)) {
        assertTrue(row.next());
        return row.getString(1);
      }
    }
  }
}
