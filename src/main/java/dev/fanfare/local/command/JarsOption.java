package dev.fanfare.local.command;

import dev.fanfare.dsl.FlowException;
import dev.fanfare.function.flow.FlowBeans;
import dev.fanfare.function.flow.FlowBook;
import dev.fanfare.function.flow.FlowSources;
import dev.fanfare.local.CommandException;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Where a command finds workflows that are written in Java. */
final class JarsOption {

  @Option(
      names = "--jars",
      paramLabel = "FOLDER",
      description =
          "Workflows written in Java: a folder of jars, or a jar. Without it: FANFARE_JARS.")
  private Optional<String> jars = Optional.empty();

  private Optional<String> places(Map<String, String> environment) {
    return jars.or(() -> Optional.ofNullable(environment.get("FANFARE_JARS")))
        .filter(text -> !text.isBlank());
  }

  /** The configuration that goes with it. */
  Map<String, String> settings(Map<String, String> environment) {
    return places(environment)
        .map(places -> Map.of(FlowBeans.JARS, absolute(places)))
        .orElse(Map.of());
  }

  private static String absolute(String places) {
    return Arrays.stream(places.split(File.pathSeparator, -1))
        .filter(place -> !place.isBlank())
        .map(place -> Path.of(place.strip()).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  /**
   * The workflows of the jars, checked before anything is started; those of the class path as well.
   *
   * @throws CommandException when one of them is wrong
   */
  FlowBook book(Map<String, String> environment) throws CommandException {
    try {
      List<FlowBook.Definer> definers = new ArrayList<>(FlowSources.onClassPath());
      places(environment).map(FlowSources::inJars).ifPresent(definers::addAll);
      return definers.isEmpty() ? FlowBook.EMPTY : FlowBook.of(definers);
    } catch (FlowException e) {
      throw CommandException.usage(String.valueOf(e.getMessage()));
    }
  }
}
