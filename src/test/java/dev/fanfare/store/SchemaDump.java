package dev.fanfare.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A schema as SQL, always in the same order: what {@code pg_dump --schema-only} tells, read from
 * PostgreSQL's catalogue, since the embedded server comes without that tool. The table in which
 * migrations are recorded is left out.
 */
final class SchemaDump {

  private static final String RELATIONS =
      """
      SELECT c.relname
        FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = 'public' AND c.relkind = ?::"char"
         AND c.relname <> 'flyway_schema_history'
       ORDER BY c.relname COLLATE "C"
      """;

  private static final String COLUMNS =
      """
      SELECT quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
             || CASE WHEN d.oid IS NULL THEN ''
                     ELSE ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) END
             || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
        FROM pg_attribute a
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
       WHERE a.attrelid = ?::regclass AND a.attnum > 0 AND NOT a.attisdropped
       ORDER BY a.attnum
      """;

  private static final String CONSTRAINTS =
      """
      SELECT 'CONSTRAINT ' || quote_ident(conname) || ' ' || pg_get_constraintdef(oid)
        FROM pg_constraint
       WHERE conrelid = ?::regclass AND contype <> 'n'
       ORDER BY conname COLLATE "C"
      """;

  private static final String OPTIONS =
      "SELECT array_to_string(reloptions, ', ') FROM pg_class"
          + " WHERE oid = ?::regclass AND reloptions IS NOT NULL";

  private static final String INDEXES =
      """
      SELECT pg_get_indexdef(i.indexrelid) || ';'
        FROM pg_index i
        JOIN pg_class c ON c.oid = i.indexrelid
       WHERE i.indrelid = ?::regclass
         AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)
       ORDER BY c.relname COLLATE "C"
      """;

  private static final String TRIGGERS =
      "SELECT pg_get_triggerdef(oid) || ';' FROM pg_trigger"
          + " WHERE tgrelid = ?::regclass AND NOT tgisinternal ORDER BY tgname COLLATE \"C\"";

  private static final String VIEW = "SELECT pg_get_viewdef(?::regclass, true)";

  private static final String FUNCTIONS =
      """
      SELECT pg_get_functiondef(p.oid) || ';'
        FROM pg_proc p
        JOIN pg_namespace n ON n.oid = p.pronamespace
       WHERE n.nspname = ? AND p.prokind IN ('f', 'p')
       ORDER BY p.proname COLLATE "C"
      """;

  private final Connection connection;

  private SchemaDump(Connection connection) {
    this.connection = connection;
  }

  /** The public schema of a database. */
  static String of(Connection connection) throws SQLException {
    SchemaDump dump = new SchemaDump(connection);
    List<String> parts = new ArrayList<>();
    for (String table : dump.rows(RELATIONS, "r")) {
      parts.add(dump.table(table));
    }
    for (String view : dump.rows(RELATIONS, "v")) {
      parts.add("CREATE VIEW " + view + " AS\n" + dump.rows(VIEW, view).getFirst());
    }
    for (String sequence : dump.rows(RELATIONS, "S")) {
      parts.add("CREATE SEQUENCE " + sequence + ";");
    }
    parts.addAll(dump.rows(FUNCTIONS, "public"));
    return String.join("\n\n", parts) + "\n";
  }

  private String table(String name) throws SQLException {
    List<String> lines = new ArrayList<>(rows(COLUMNS, name));
    lines.addAll(rows(CONSTRAINTS, name));
    List<String> options = rows(OPTIONS, name);
    StringBuilder sql = new StringBuilder("CREATE TABLE " + name + " (\n    ");
    sql.append(String.join(",\n    ", lines)).append("\n)");
    sql.append(options.isEmpty() ? ";" : " WITH (" + options.getFirst() + ");");
    rows(INDEXES, name).forEach(index -> sql.append("\n\n").append(index));
    rows(TRIGGERS, name).forEach(trigger -> sql.append("\n\n").append(trigger));
    return sql.toString();
  }

  private List<String> rows(String query, String argument) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setString(1, argument);
      List<String> rows = new ArrayList<>();
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          rows.add(result.getString(1));
        }
      }
      return rows;
    }
  }
}
