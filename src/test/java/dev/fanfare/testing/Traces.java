package dev.fanfare.testing;

import dev.fanfare.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** Finds what a secret has left behind. Knows nothing of how secrets are covered. */
public final class Traces {

  private final Set<String> forms = new LinkedHashSet<>();

  /** Traces of these values: as they are, encoded, escaped, and a part of each. */
  public Traces(String... values) {
    for (String value : values) {
      value.lines().forEach(forms::add);
      String url = URLEncoder.encode(value, StandardCharsets.UTF_8);
      forms.addAll(
          List.of(url, url.replace("+", "%20"), lower(url), lower(url).replace("+", "%20")));
      String json = Json.write(value);
      forms.add(json.substring(1, json.length() - 1));
      for (int shift = 0; shift < 3; shift++) {
        byte[] bytes = ("\0".repeat(shift) + value).getBytes(StandardCharsets.UTF_8);
        String encoded = Base64.getEncoder().withoutPadding().encodeToString(bytes);
        String sure = encoded.substring(shift == 0 ? 0 : shift + 1, encoded.length() - 1);
        forms.add(sure);
        forms.add(sure.replace('+', '-').replace('/', '_'));
        if (sure.length() > 70) {
          forms.add(sure.substring(0, 40));
        }
      }
    }
    forms.removeIf(form -> form.length() < 4);
  }

  private static String lower(String url) {
    StringBuilder lower = new StringBuilder(url);
    for (int i = url.indexOf('%'); i >= 0; i = url.indexOf('%', i + 1)) {
      lower.replace(i + 1, i + 3, url.substring(i + 1, i + 3).toLowerCase(Locale.ROOT));
    }
    return lower.toString();
  }

  /** The forms that a text holds. */
  public List<String> in(String text) {
    return forms.stream().filter(text::contains).toList();
  }

  /** Where in a database they are: every row of every table as text. */
  public List<String> in(TestDatabase database) {
    List<String> found = new ArrayList<>();
    try (Connection connection = database.connect()) {
      for (String table :
          column(connection, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")) {
        for (String row : column(connection, "SELECT t::text FROM \"" + table + "\" t")) {
          // A row as text doubles quotes and backslashes.
          for (String text : List.of(row, row.replace("\"\"", "\"").replace("\\\\", "\\"))) {
            in(text).forEach(form -> found.add(table + ": " + form + " in " + text));
          }
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return found;
  }

  private static List<String> column(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    }
  }

  /** Files below a folder that hold one, or are named so. */
  public List<String> in(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      List<String> found = new ArrayList<>();
      for (Path file : all.toList()) {
        String content =
            Files.isRegularFile(file)
                ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                : "";
        in(file + "\n" + content).forEach(form -> found.add(file + ": " + form));
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
