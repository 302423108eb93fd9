package dev.fanfare.dialect.yaml;

import dev.fanfare.definition.Diagnostic;
import dev.fanfare.definition.SourceSpan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** Reads one YAML document out of the bytes of a file. */
public final class YamlReader {

  /** Most bytes of a file. */
  public static final int MAX_BYTES = 512 * 1024;

  /** Most collections inside each other, those of expanded aliases included. */
  public static final int MAX_DEPTH = 256;

  /** Most nodes of a file, counted after every alias is expanded. */
  public static final int MAX_NODES = 50_000;

  /** Most aliases of a file. */
  public static final int MAX_ALIASES = 500;

  private static final LoadSettings SETTINGS =
      LoadSettings.builder()
          .setLabel("workflow file")
          .setCodePointLimit(MAX_BYTES)
          .setBufferSize(16 * 1024)
          .build();

  private YamlReader() {}

  /**
   * A document that was read.
   *
   * @param root the document's value; absent where the file could not be read to its end
   * @param diagnostics what is wrong with it; duplicate keys leave a root all the same
   */
  public record Document(Optional<YamlNode> root, List<Diagnostic> diagnostics) {
    public Document {
      diagnostics = List.copyOf(diagnostics);
    }
  }

  /**
   * The documents of a file.
   *
   * @param roots their values; empty where the file could not be read to its end
   * @param starts where each begins: at its {@code ---}, where it has one
   * @param diagnostics what is wrong with it; duplicate keys leave roots all the same
   */
  public record Documents(
      List<YamlNode> roots, List<SourceSpan> starts, List<Diagnostic> diagnostics) {
    public Documents {
      starts = List.copyOf(starts);
      roots = List.copyOf(roots);
      diagnostics = List.copyOf(diagnostics);
    }
  }

  /**
   * Reads a file that is one document. Whatever is wrong with it is in the result; nothing is
   * thrown.
   */
  public static Document read(byte[] content) {
    Documents all = readAll(content);
    if (all.roots().size() <= 1) {
      return new Document(all.roots().stream().findFirst(), all.diagnostics());
    }
    List<Diagnostic> diagnostics = new ArrayList<>(all.diagnostics());
    diagnostics.add(secondDocument(all));
    return new Document(Optional.empty(), diagnostics);
  }

  /** What there is to say of the second document, where there may be one only. */
  public static Diagnostic secondDocument(Documents all) {
    return Diagnostic.error(
        "yaml-many-documents",
        "a second document begins here",
        all.starts().get(1),
        "one file is one workflow: remove the '---', or use a file for each");
  }

  /** Reads a file. Whatever is wrong with it is in the result; nothing is thrown. */
  public static Documents readAll(byte[] content) {
    try {
      return readBounded(content);
    } catch (YamlRefusal e) {
      return new Documents(List.of(), List.of(), List.of(e.diagnostic()));
    }
  }

  private static Documents readBounded(byte[] content) throws YamlRefusal {
    if (content.length > MAX_BYTES) {
      throw new YamlRefusal(
          "yaml-too-big",
          "the file has " + content.length + " bytes, the most is " + MAX_BYTES,
          new SourceSpan(1, 1),
          "move scripts and data into files of their own, or split the workflow");
    }
    SourceText written = SourceText.decode(content);
    Typography blanks = Typography.blanks(written);
    try {
      return read(blanks.text(), blanks.diagnostics());
    } catch (YamlRefusal e) {
      Typography tabs = Typography.tabs(blanks.text());
      if (tabs.diagnostics().isEmpty()) {
        throw e;
      }
      List<Diagnostic> found = new ArrayList<>(blanks.diagnostics());
      found.addAll(tabs.diagnostics());
      return read(tabs.text(), found);
    }
  }

  private static Documents read(SourceText source, List<Diagnostic> before) throws YamlRefusal {
    StreamReader reader = new StreamReader(SETTINGS, source.text());
    try {
      return new TreeBuilder(new ParserImpl(SETTINGS, reader), source, before).build();
    } catch (MarkedYamlEngineException e) {
      throw syntax(e, source);
    } catch (ReaderException e) {
      throw unreadable(e.getMessage(), place(reader));
    } catch (RuntimeException e) {
      // The scanner throws bare exceptions for some broken tags and escapes.
      throw unreadable(e.getMessage(), place(reader));
    } catch (StackOverflowError e) {
      throw unreadable("it is nested too deeply", place(reader));
    }
  }

  private static YamlRefusal unreadable(@Nullable String problem, SourceSpan span) {
    String what = problem == null ? "it cannot be read" : problem.lines().findFirst().orElse("");
    return new YamlRefusal(
        "yaml-syntax", "not valid YAML: " + what, span, "look at this line and the one before");
  }

  private static YamlRefusal syntax(MarkedYamlEngineException e, SourceText source) {
    SourceSpan span =
        e.getProblemMark().or(e::getContextMark).map(YamlReader::span).orElse(new SourceSpan(1, 1));
    String problem = e.getProblem() == null ? "it cannot be read" : e.getProblem();
    String line = source.line(span.line());
    if (problem.contains("'\\t'") || problem.contains("(TAB)")) {
      return new YamlRefusal(
          "yaml-tab", "a tab is used for indentation", span, "indent with spaces");
    }
    String context = e.getContext() == null ? "" : e.getContext() + ", ";
    return new YamlRefusal(
        "yaml-syntax", "not valid YAML: " + context + problem, span, remedy(line, problem));
  }

  private static String remedy(String line, String problem) {
    if (line.contains("${{")) {
      return "put the value in quotes: braces, colons and # in ${{ ... }} mean something to YAML";
    }
    if (problem.contains("mapping values are not allowed")) {
      return "put a text that contains ': ' in quotes, and check the indentation";
    }
    if (problem.contains("alias")) {
      return "a text that begins with * or & needs quotes";
    }
    return "check indentation, brackets and quotes of this line and the one before";
  }

  private static SourceSpan place(StreamReader reader) {
    return new SourceSpan(reader.getLine() + 1, reader.getColumn() + 1);
  }

  static SourceSpan span(Mark mark) {
    return new SourceSpan(mark.getLine() + 1, mark.getColumn() + 1);
  }
}
