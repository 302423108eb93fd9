package dev.fanfare.local.command;

import dev.fanfare.conductor.Graphs;
import dev.fanfare.definition.Workflow;
import dev.fanfare.dsl.FlowException;
import dev.fanfare.function.Registrations;
import dev.fanfare.function.flow.FlowBeans;
import dev.fanfare.local.CommandException;
import dev.fanfare.local.ExitCode;
import dev.fanfare.local.LocalEngine;
import dev.fanfare.local.RunningApplication;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Engine and HTTP API in this process, until a signal comes. */
@Command(
    name = "serve",
    description =
        "Serves the engine and the HTTP API, on the embedded PostgreSQL or FANFARE_DATABASE_URL,"
            + " until it is interrupted.",
    mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {

  private static final int LAST_PORT = 65_535;

  private final Context context;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "TCP port, 0 picks a free one (default ${DEFAULT-VALUE}).")
  private int port = 8080;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description = "Address to listen on (default ${DEFAULT-VALUE}: this machine only).")
  private String host = "127.0.0.1";

  @Mixin private WorkflowsOption workflows = new WorkflowsOption();

  @Mixin private JarsOption jars = new JarsOption();

  ServeCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws CommandException, InterruptedException {
    if (port < 0 || port > LAST_PORT) {
      throw CommandException.usage("--port must be between 0 and " + LAST_PORT);
    }
    Optional<List<Graphs.File>> files = workflows.files(context.console());
    if (files.isEmpty()) {
      return ExitCode.USAGE;
    }
    Map<String, String> environment = context.console().environment();
    jars.book(environment);
    CountDownLatch stop = new CountDownLatch(1);
    context.interruption().react(stop::countDown);
    Map<String, String> settings = new HashMap<>(jars.settings(environment));
    settings.put("quarkus.http.port", Integer.toString(port));
    settings.put("quarkus.http.host", host);
    settings.put("quarkus.hibernate-orm.active", "true");
    try (RunningApplication application =
            RunningApplication.start(context.home(), environment, settings);
        Announcement announcement = Announcement.of(context.home(), application.url())) {
      context.console().err().println("Fanfare serves " + announcement.url() + "  (Ctrl-C stops)");
      context.console().err().println("  API      " + announcement.url() + "/q/openapi");
      context.console().err().println("  state    " + application.database());
      context.console().err().println("  files    " + context.home().root());
      for (String registered : register(application, files.get())) {
        context.console().err().println("  workflow " + registered);
      }
      stop.await();
    }
    return ExitCode.OK;
  }

  private static List<String> register(RunningApplication application, List<Graphs.File> files)
      throws CommandException {
    List<String> written = written(application);
    if (files.isEmpty() && written.isEmpty()) {
      return List.of();
    }
    for (Graphs.File file : files) {
      Optional<String> twice =
          Registrations.check(file).workflow().map(Workflow::name).filter(written::contains);
      if (twice.isPresent()) {
        throw CommandException.usage(
            "the workflow '%s' is in %s and in Java; rename one of them"
                .formatted(twice.get(), file.name()));
      }
    }
    // Whoever makes the engine registers the workflows that are written in Java.
    List<String> lines =
        new ArrayList<>(
            application
                .bean(LocalEngine.class)
                .orElseThrow(() -> CommandException.failed("this build has no engine"))
                .register(files));
    written.forEach(name -> lines.add(name + " (Java)"));
    return lines;
  }

  private static List<String> written(RunningApplication application) throws CommandException {
    try {
      return application.bean(FlowBeans.class).map(beans -> beans.book().names()).orElse(List.of());
    } catch (FlowException e) {
      throw CommandException.failed(String.valueOf(e.getMessage()));
    }
  }
}
