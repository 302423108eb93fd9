package dev.fanfare.testing.lambda.bench;

import dev.fanfare.json.Json;
import dev.fanfare.local.postgres.Database;
import dev.fanfare.local.postgres.EmbeddedPostgres;
import dev.fanfare.store.Migrations;
import dev.fanfare.store.SchemaException;
import dev.fanfare.testing.ObjectServer;
import dev.fanfare.testing.lambda.FunctionSettings;
import dev.fanfare.testing.lambda.LambdaHost;
import dev.fanfare.testing.lambda.Pace;
import dev.fanfare.testing.lambda.QueueSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;

/**
 * Functions with the memory and the settings of {@code infra/}, on a PostgreSQL with its default
 * durability. Nothing ticks.
 */
final class BenchStage implements AutoCloseable {

  static final String QUARKUS =
      "io.quarkus.amazon.lambda.runtime.QuarkusStreamHandler::handleRequest";

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final int CALIBRATION = 300;
  private static final String BUCKET = "bench-bucket";

  private final EmbeddedPostgres postgres;
  private final Database database;
  private final Connection connection;
  private final LambdaHost host = LambdaHost.start(new Pace(600, 1));
  private final ObjectServer objects = ObjectServer.start(BUCKET);
  private final LambdaClient client;

  BenchStage() throws IOException, SQLException, SchemaException {
    postgres =
        EmbeddedPostgres.open(
            Path.of("target", "bench-home").toAbsolutePath(), EmbeddedPostgres.Options.DEFAULT);
    database = fresh(postgres.database());
    Migrations.migrate(database.jdbcUrl(), database.user(), database.password());
    connection = connect(database);
    host.forward("/" + BUCKET, "S3", objects.uri());
    host.queue(QueueSettings.of("wake")).queue(QueueSettings.of("failed"));
    client =
        LambdaClient.builder()
            .endpointOverride(host.endpoint())
            .region(Region.of(LambdaHost.REGION))
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIABENCH", "bench")))
            .httpClientBuilder(
                UrlConnectionHttpClient.builder().socketTimeout(Duration.ofMinutes(5)))
            .overrideConfiguration(to -> to.retryStrategy(off -> off.maxAttempts(1)))
            .build();
  }

  private static Database fresh(Database home) throws SQLException {
    String name = "bench_" + UUID.randomUUID().toString().replace("-", "");
    try (Connection admin = connect(home)) {
      admin.createStatement().execute("CREATE DATABASE " + name);
    }
    return home.named(name);
  }

  private static Connection connect(Database to) throws SQLException {
    return DriverManager.getConnection(to.jdbcUrl(), to.user(), to.password());
  }

  LambdaHost host() {
    return host;
  }

  /**
   * {@code trigger}, {@code dispatcher} or {@code step}, under that name, without processes yet.
   */
  FunctionSettings function(String role, Path code) {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("QUARKUS_LAMBDA_HANDLER", role);
    environment.put("QUARKUS_DATASOURCE_REACTIVE_URL", database.reactiveUrl());
    environment.put("QUARKUS_DATASOURCE_USERNAME", database.user());
    environment.put("QUARKUS_DATASOURCE_PASSWORD", database.password());
    environment.put("FANFARE_AWS_ENDPOINT", host.endpoint().toString());
    environment.put("FANFARE_HOME", "/tmp/fanfare");
    environment.put("FANFARE_FUNCTIONS_STEP", live("step"));
    environment.put("FANFARE_FUNCTIONS_DISPATCHER", live("dispatcher"));
    environment.put("FANFARE_QUEUE", host.queueUrl("wake"));
    environment.put("FANFARE_BUCKET", BUCKET);
    environment.put("FANFARE_AUTH", "none");
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    return FunctionSettings.of(role, code, QUARKUS)
        .withEnvironment(environment)
        .withMemory(memory(role))
        .withTimeout(PATIENCE)
        .withRecursion(true)
        // Whoever stops and continues processes takes part of the time that is measured.
        .withFreezing(false)
        .with(
            FunctionSettings.Async.DEFAULT
                .withRetries(0)
                .withMaximumAge(Duration.ofMinutes(1))
                .toQueue("failed"));
  }

  /** In MiB: the defaults of {@code infra/}. */
  static int memory(String role) {
    return role.equals("dispatcher") ? 512 : 1024;
  }

  private static String live(String role) {
    return "arn:aws:lambda:%s:%s:function:%s:%s"
        .formatted(LambdaHost.REGION, LambdaHost.ACCOUNT, role, LambdaHost.ALIAS);
  }

  /**
   * Invokes and waits for the answer.
   *
   * @throws IllegalStateException if the function fails; with its log
   */
  String invoke(String function, String payload) {
    InvokeResponse answer =
        client.invoke(
            to ->
                to.functionName(function)
                    .qualifier(LambdaHost.ALIAS)
                    .payload(SdkBytes.fromUtf8String(payload)));
    if (answer.functionError() != null) {
      throw new IllegalStateException(
          answer.payload().asUtf8String() + "\n" + String.join("\n", host.logs(function)));
    }
    return answer.payload().asUtf8String();
  }

  /** Starts a run by the trigger function. */
  UUID start(String yaml) {
    Map<String, Object> event = Map.of("file", Map.of("name", "bench.yaml", "text", yaml));
    String answer = invoke("trigger", Json.write(event));
    if (!(Json.parseOwnObject(answer).get("run") instanceof String run)) {
      throw new IllegalStateException("not started: " + answer);
    }
    return UUID.fromString(run);
  }

  /** Waits until a run has succeeded and every function is at rest. */
  void end(UUID run) throws SQLException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    String status = status(run);
    while (!status.equals("succeeded")) {
      if (System.nanoTime() > deadline || status.equals("failed")) {
        throw new IllegalStateException(
            "run " + run + " is " + status + "\n" + host.report() + "\n" + failures(run));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
      status = status(run);
    }
  }

  private List<String> failures(UUID run) throws SQLException {
    List<String> failures = new ArrayList<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT s::text FROM step s WHERE run_id = ? AND status IN ('failed', 'timed_out')")) {
      query.setObject(1, run);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          failures.add(rows.getString(1));
        }
      }
    }
    return failures;
  }

  private String status(UUID run) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT status FROM run WHERE id = ?")) {
      query.setObject(1, run);
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? row.getString(1) : "unknown";
      }
    }
  }

  /** What disk and database can do at this moment: one client, one small update, one commit. */
  long commitsPerSecond() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE IF NOT EXISTS calibration (n int)");
      statement.execute("TRUNCATE calibration");
      statement.execute("INSERT INTO calibration VALUES (1)");
      long start = System.nanoTime();
      for (int i = 0; i < CALIBRATION; i++) {
        statement.execute("UPDATE calibration SET n = n + 1");
      }
      return Math.round(CALIBRATION / ((System.nanoTime() - start) / 1e9));
    }
  }

  @Override
  public void close() throws IOException, SQLException {
    client.close();
    host.close();
    objects.close();
    connection.close();
    try (Connection admin = connect(postgres.database())) {
      admin.createStatement().execute("DROP DATABASE " + database.name() + " WITH (FORCE)");
    }
    postgres.close();
  }
}
