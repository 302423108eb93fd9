package dev.fanfare.conductor;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.Fan;
import dev.fanfare.definition.Step;
import dev.fanfare.definition.Structure;
import dev.fanfare.definition.Template;
import dev.fanfare.definition.Workflow;
import dev.fanfare.dialect.Dialects;
import dev.fanfare.dialect.ImportInputs;
import dev.fanfare.dialect.Imported;
import dev.fanfare.graph.CompileInputs;
import dev.fanfare.graph.Compiled;
import dev.fanfare.graph.Graph;
import dev.fanfare.graph.GraphCompiler;
import dev.fanfare.graph.SharedFolder;
import dev.fanfare.json.Json;
import dev.fanfare.store.GraphStore;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Compiled graphs by hash, and the way from a file to one.
 *
 * <p>The hash covers all that shapes a graph: the file, its dialect, and, where a matrix reads
 * them, the run's inputs. So equal hashes are equal graphs, and a process compiles each once.
 */
public final class Graphs {

  private static final int CACHED = 256;

  /** Files that are read again and again are small; a large one is read each time. */
  private static final int CACHED_BYTES = 64 << 10;

  private final GraphStore store;

  /** Where the stored inputs keep what the dialect's importer asked for. */
  private static final String IMPORT = "import";

  private final Set<String> images;
  private final boolean apart;
  private final Map<String, Graph> byHash = cache();
  private final Map<String, Read> reads = cache();
  private final Set<String> stored = ConcurrentHashMap.newKeySet();

  /** For graphs that are only looked at. */
  public Graphs(GraphStore store) {
    this(store, Set.of(), false);
  }

  /**
   * @param images that functions of their own carry
   * @param apart whether there is no folder that all steps of a run see
   */
  public Graphs(GraphStore store, Set<String> images, boolean apart) {
    this.store = store;
    this.apart = apart;
    this.images = Set.copyOf(images);
  }

  /**
   * A file as given, before anything is known of it.
   *
   * @param environment of whoever typed the command, which files of foreign dialects may read;
   *     empty for files that come from elsewhere
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  public record File(
      byte[] content, String name, Optional<String> dialect, Map<String, String> environment) {
    public File(byte[] content, String name, Optional<String> dialect) {
      this(content, name, dialect, Map.of());
    }
  }

  /**
   * A file that was read: its workflow, or why there is none.
   *
   * @param shaped whether it may mean something else to a run that brings something else
   */
  public record Read(Optional<Workflow> workflow, List<Diagnostic> diagnostics, boolean shaped) {}

  /** A graph and the hash it is stored under. */
  public record Stored(String hash, Graph graph) {}

  /** What became of a file: a stored graph, or diagnostics of which one at least is an error. */
  public record Outcome(Optional<Stored> graph, List<Diagnostic> diagnostics) {}

  /** The last used entries of something. */
  private static <V> Map<String, V> cache() {
    return Collections.synchronizedMap(
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
            return size() > CACHED;
          }
        });
  }

  /** What a run brings, and what this process knows, that a workflow is compiled with. */
  public CompileInputs inputs(
      Map<String, Object> params, Map<String, Object> event, Map<String, Object> run) {
    return new CompileInputs(params, event, run, images);
  }

  /** Reads a file, or remembers having read it: a trigger sends the same one over and over. */
  public Read reading(File file) {
    if (file.content().length > CACHED_BYTES) {
      return read(file);
    }
    String text = new String(file.content(), StandardCharsets.ISO_8859_1);
    String key = file.dialect().orElse("") + "\n" + file.name() + "\n" + text;
    return reads.computeIfAbsent(key, ignored -> read(file));
  }

  public static Read read(File file) {
    Imported imported = Dialects.read(file.content(), file.name(), file.dialect());
    return new Read(imported.workflow(), imported.diagnostics(), imported.isShaped());
  }

  /**
   * Compiles a workflow that was read, and stores what it was made from. A file whose meaning
   * depends on the run is read again with what the run brings.
   */
  public Outcome compile(File file, Read read, CompileInputs inputs) {
    Workflow workflow =
        read.workflow().orElseThrow(() -> new IllegalArgumentException("there is no workflow"));
    if (!read.shaped()) {
      return compile(
          file, workflow, readsInputs(workflow.steps()) ? asJson(inputs) : Map.of(), inputs);
    }
    Imported imported =
        Dialects.read(
            file.content(),
            file.name(),
            file.dialect(),
            ImportInputs.of(inputs.params(), inputs.event(), inputs.run(), file.environment()));
    if (imported.workflow().isEmpty()) {
      return new Outcome(Optional.empty(), imported.diagnostics());
    }
    Workflow shaped = imported.workflow().get();
    Map<String, Object> shaping =
        new LinkedHashMap<>(readsInputs(shaped.steps()) ? asJson(inputs) : Map.of());
    shaping.put(IMPORT, imported.read());
    Outcome outcome = compile(file, shaped, shaping, inputs);
    List<Diagnostic> all = new ArrayList<>(imported.diagnostics());
    all.removeAll(read.diagnostics());
    all.addAll(outcome.diagnostics());
    return new Outcome(outcome.graph(), all);
  }

  private Outcome compile(
      File file, Workflow workflow, Map<String, Object> shaping, CompileInputs inputs) {
    Optional<Diagnostic> refusal = apart ? SharedFolder.refusal(workflow) : Optional.empty();
    if (refusal.isPresent()) {
      return new Outcome(Optional.empty(), List.of(refusal.get()));
    }
    String dialect = file.dialect().orElse("");
    String text = new String(file.content(), StandardCharsets.UTF_8);
    String hash = hash(dialect, file.name(), text, Json.write(shaping));
    Graph known = byHash.get(hash);
    if (known != null && stored.contains(hash)) {
      return new Outcome(Optional.of(new Stored(hash, known)), List.of());
    }
    Compiled compiled = GraphCompiler.compile(placed(workflow), inputs);
    if (compiled.graph().isEmpty()) {
      return new Outcome(Optional.empty(), compiled.diagnostics());
    }
    GraphStore.Source source =
        new GraphStore.Source(hash, workflow.name(), dialect, file.name(), text, shaping);
    Transients.answer(() -> store.put(source));
    Graph graph = compiled.graph().get();
    byHash.put(hash, graph);
    stored.add(hash);
    return new Outcome(Optional.of(new Stored(hash, graph)), compiled.diagnostics());
  }

  /** Keeps a graph that was made by a program and not from a file; only this process can run it. */
  public Stored keep(String hash, Graph graph) {
    byHash.put(hash, graph);
    return new Stored(hash, graph);
  }

  /**
   * The graph of a hash. Blocks where it is not at hand.
   *
   * @throws IllegalStateException if it is not stored or no longer compiles
   */
  public Graph get(String hash) {
    Graph known = byHash.get(hash);
    if (known != null) {
      return known;
    }
    GraphStore.Source source =
        Transients.answer(() -> store.get(hash))
            .orElseThrow(() -> new IllegalStateException("graph " + hash + " is not stored"));
    File file =
        new File(
            source.text().getBytes(StandardCharsets.UTF_8),
            source.fileName(),
            Optional.of(source.dialect()).filter(dialect -> !dialect.isEmpty()));
    Workflow workflow =
        Dialects.read(file.content(), file.name(), file.dialect(), imported(source.inputs()))
            .workflow()
            .orElseThrow(
                () -> new IllegalStateException("graph " + hash + " can no longer be read"));
    Graph graph =
        GraphCompiler.compile(placed(workflow), fromJson(source.inputs()))
            .graph()
            .orElseThrow(() -> new IllegalStateException("graph " + hash + " no longer compiles"));
    byHash.put(hash, graph);
    stored.add(hash);
    return graph;
  }

  private Workflow placed(Workflow workflow) {
    return apart ? SharedFolder.missing(workflow) : workflow;
  }

  @SuppressWarnings("unchecked")
  private static ImportInputs imported(Map<String, Object> inputs) {
    return ImportInputs.from((Map<String, Object>) inputs.getOrDefault(IMPORT, Map.of()));
  }

  private static Map<String, Object> asJson(CompileInputs inputs) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("params", inputs.params());
    json.put("event", inputs.event());
    json.put("run", inputs.run());
    return json;
  }

  @SuppressWarnings("unchecked")
  private static CompileInputs fromJson(Map<String, Object> json) {
    if (json.isEmpty()) {
      return CompileInputs.NONE;
    }
    return new CompileInputs(
        (Map<String, Object>) json.getOrDefault("params", Map.of()),
        (Map<String, Object>) json.getOrDefault("event", Map.of()),
        (Map<String, Object>) json.getOrDefault("run", Map.of()));
  }

  private static boolean readsInputs(List<Step> steps) {
    for (Step step : steps) {
      if (step.fan().orElse(null) instanceof Fan.Matrix matrix && readsInputs(matrix)) {
        return true;
      }
      boolean inside =
          switch (step.body()) {
            case Structure.Parallel parallel -> readsInputs(parallel.steps());
            case Structure.Sequence sequence -> readsInputs(sequence.steps());
            case Structure.Race race -> readsInputs(race.steps());
            case Structure.Loop loop -> readsInputs(loop.steps());
            case Structure.Switch choice ->
                choice.cases().stream().anyMatch(each -> readsInputs(each.steps()));
            case dev.fanfare.definition.Work ignored -> false;
          };
      if (inside) {
        return true;
      }
    }
    return false;
  }

  private static boolean readsInputs(Fan.Matrix matrix) {
    List<Template> all = new ArrayList<>(matrix.axes().values());
    matrix.exclude().forEach(entry -> all.addAll(entry.values()));
    matrix.include().forEach(entry -> all.addAll(entry.values()));
    return all.stream().anyMatch(Graphs::hasExpression);
  }

  private static boolean hasExpression(Template template) {
    return switch (template) {
      case Template.Literal ignored -> false;
      case Template.Expression ignored -> true;
      case Template.Text ignored -> true;
      case Template.Items items -> items.items().stream().anyMatch(Graphs::hasExpression);
      case Template.Entries entries ->
          entries.entries().values().stream().anyMatch(Graphs::hasExpression);
    };
  }

  private static String hash(String... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String part : parts) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        digest.update(Integer.toString(bytes.length).getBytes(StandardCharsets.US_ASCII));
        digest.update((byte) ':');
        digest.update(bytes);
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
