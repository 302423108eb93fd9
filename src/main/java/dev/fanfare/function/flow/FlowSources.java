package dev.fanfare.function.flow;

import dev.fanfare.dsl.FlowException;
import dev.fanfare.dsl.Flows;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** Finds who defines workflows, besides the beans of the application. */
public final class FlowSources {

  private static final String NAMED_IN = "META-INF/services/" + Flows.class.getName();

  private FlowSources() {}

  /** Those that jars on the class path of the application name. */
  public static List<FlowBook.Definer> onClassPath() {
    return named(FlowSources.class.getClassLoader(), "the class path");
  }

  /**
   * Those that jars name.
   *
   * @param places jars and folders of jars, as the separator of paths separates them
   * @throws FlowException when a place is not there, a jar cannot be read, or none names anybody
   */
  public static List<FlowBook.Definer> inJars(String places) {
    List<FlowBook.Definer> definers = new ArrayList<>();
    for (String place : places.split(File.pathSeparator, -1)) {
      if (!place.isBlank()) {
        definers.addAll(in(Path.of(place.strip())));
      }
    }
    return definers;
  }

  private static List<FlowBook.Definer> in(Path place) {
    List<Path> jars = jars(place);
    if (jars.isEmpty()) {
      throw new FlowException("there is no jar in " + place);
    }
    URL[] urls = jars.stream().map(FlowSources::url).toArray(URL[]::new);
    // Open as long as the process: the functions of its workflows are called at any time.
    ClassLoader loader = new FlowLoader(urls, FlowSources.class.getClassLoader());
    List<FlowBook.Definer> definers = named(loader, place.toString());
    if (definers.isEmpty()) {
      throw new FlowException(
          "no jar of %s names a class that defines workflows; write its name into %s"
              .formatted(place, NAMED_IN));
    }
    return definers;
  }

  private static List<Path> jars(Path place) {
    if (Files.isRegularFile(place)) {
      return List.of(checked(place));
    }
    if (!Files.isDirectory(place)) {
      throw new FlowException("there is no folder and no jar " + place);
    }
    try (Stream<Path> files = Files.list(place)) {
      return files
          .filter(file -> file.toString().endsWith(".jar"))
          .sorted()
          .map(FlowSources::checked)
          .toList();
    } catch (IOException e) {
      throw new FlowException("the folder " + place + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** A class loader passes over what is no jar without a word. */
  private static Path checked(Path jar) {
    try {
      new JarFile(jar.toFile()).close();
      return jar;
    } catch (IOException e) {
      throw new FlowException("the jar " + jar + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new FlowException("the jar " + jar + " has no address", e);
    }
  }

  private static List<FlowBook.Definer> named(ClassLoader loader, String place) {
    List<FlowBook.Definer> definers = new ArrayList<>();
    try {
      Iterator<Flows> found = ServiceLoader.load(Flows.class, loader).iterator();
      while (found.hasNext()) {
        Flows flows = found.next();
        definers.add(new FlowBook.Definer(flows, flows.getClass().getName() + " in " + place));
      }
    } catch (ServiceConfigurationError | LinkageError e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new FlowException(
          "a class of %s that shall define workflows cannot be loaded: %s%s"
              .formatted(place, e.getMessage(), cause == e ? "" : " (" + cause + ")"),
          e);
    }
    return definers;
  }
}
