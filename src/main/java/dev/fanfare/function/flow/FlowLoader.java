package dev.fanfare.function.flow;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Enumeration;
import java.util.List;

/**
 * Loads the classes of jars with workflows. They see Java, the API that workflows are written with,
 * and the annotations of JSON, which have to be those of whoever reads them; all else they bring
 * along, in whatever version.
 */
final class FlowLoader extends URLClassLoader {

  static {
    registerAsParallelCapable();
  }

  private static final List<String> SHARED =
      List.of("dev.fanfare.dsl.", "com.fasterxml.jackson.annotation.", "org.jspecify.annotations.");

  FlowLoader(URL[] jars, ClassLoader application) {
    super("fanfare-flows", jars, new Shared(application));
  }

  /** Of the application only what is shared, and the platform. */
  private static final class Shared extends ClassLoader {
    private final ClassLoader application;

    Shared(ClassLoader application) {
      super(ClassLoader.getPlatformClassLoader());
      this.application = application;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (SHARED.stream().anyMatch(name::startsWith)) {
        return application.loadClass(name);
      }
      throw new ClassNotFoundException(name);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
      return ClassLoader.getPlatformClassLoader().getResources(name);
    }
  }
}
