package dev.fanfare.work.files;

import dev.fanfare.blob.Blobs;
import dev.fanfare.blob.Transfers;
import dev.fanfare.work.Pulse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Layers as blobs. {@code layers/RUN/lists/LAYER} is the list, put last and only where there is
 * none yet: with it the layer is there. Its files are in packs, {@code
 * layers/RUN/files/LAYER/WRITER/PACK}, of which the list names the writer; where they are few bytes
 * in all they follow the list in its own blob. {@code layers/RUN/usage/BYTES-FILES-LAYER} is empty
 * and says what the layer takes.
 *
 * <p>What a writer leaves that did not come to its list, or came second, expires with the rest.
 *
 * <p>The blob of a list begins with a line {@code content 1 WRITER LIST FULL}: who wrote the files,
 * {@code -} where they follow here; how many bytes the list has; and how many fill a pack.
 */
final class BlobLayers implements LayerStore {

  private static final String ROOT = "layers/";
  private static final String HEAD = "content 1 ";
  private static final String HERE = "-";
  private static final int LONGEST_HEAD = 200;

  /** Files of no more bytes than this altogether follow their list. */
  static final long FEW = 64 << 10;

  /** To ask for more layers than this one by one costs more than to ask which there are. */
  private static final int MANY = 8;

  private final Blobs blobs;
  private final Transfers transfers;
  private final Supplier<String> writers;
  private final Usages usages;

  /**
   * @param writers names that no other writer has, of letters and digits
   */
  BlobLayers(Blobs blobs, Transfers transfers, Supplier<String> writers) {
    this.blobs = blobs;
    this.transfers = transfers;
    this.writers = writers;
    this.usages = new Usages(blobs);
  }

  private static String list(RunFiles run, LayerName name) {
    return ROOT + run.name() + "/lists/" + name.plain();
  }

  private static String pack(RunFiles run, LayerName name, String writer, int pack) {
    return ROOT + run.name() + "/files/" + name.plain() + "/" + writer + "/" + pack;
  }

  static String usagePrefix(RunFiles run) {
    return ROOT + run.name() + "/usage/";
  }

  @Override
  public List<Layer> find(RunFiles run, List<LayerName> names) throws IOException {
    List<LayerName> likely = names.size() > MANY ? there(run, names) : names;
    List<Transfers.Task<Optional<Layer>>> tasks = new ArrayList<>();
    for (LayerName name : likely) {
      tasks.add(() -> find(run, name));
    }
    return transfers.all(tasks).stream().flatMap(Optional::stream).toList();
  }

  /**
   * Those of many layers that are there, or all of them where that is not known soon: most steps
   * upstream have often left nothing, and one listing tells so at once.
   */
  private List<LayerName> there(RunFiles run, List<LayerName> names) throws IOException {
    String prefix = ROOT + run.name() + "/lists/";
    int most = Math.max(1000, names.size());
    Set<String> there = new HashSet<>(blobs.list(prefix, most));
    return there.size() == most
        ? names
        : names.stream().filter(name -> there.contains(list(run, name))).toList();
  }

  private Optional<Layer> find(RunFiles run, LayerName name) throws IOException {
    Optional<InputStream> found = blobs.read(list(run, name), 0, Blobs.ALL);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (InputStream in = found.get()) {
      Content content = Content.read(in);
      byte[] list = in.readNBytes(content.list());
      in.transferTo(java.io.OutputStream.nullOutputStream()); // else the connection were lost
      String text = new String(list, StandardCharsets.UTF_8);
      return Optional.of(new Layer(name, Manifest.parse(text), content.line()));
    }
  }

  /** The first line of a list's blob. */
  private record Content(String writer, int list, long full) {

    static Content of(String line) throws IOException {
      String[] parts = line.split(" ", -1);
      if (!line.startsWith(HEAD) || parts.length != 5) {
        throw new IOException("a layer was written by another version of Fanfare: " + line);
      }
      return new Content(parts[2], Integer.parseInt(parts[3]), Long.parseLong(parts[4]));
    }

    static Content read(InputStream in) throws IOException {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int c = in.read(); c >= 0 && c != '\n' && line.size() < LONGEST_HEAD; c = in.read()) {
        line.write(c);
      }
      return of(line.toString(StandardCharsets.US_ASCII));
    }

    String line() {
      return HEAD + writer + " " + list + " " + full;
    }

    /** The first byte after the list. */
    long end() {
      return line().length() + 1L + list;
    }
  }

  @Override
  public void fetch(RunFiles run, List<Wanted> wanted, Path into, Pulse pulse) throws IOException {
    List<Transfers.Task<Integer>> tasks = new ArrayList<>();
    for (Wanted each : wanted) {
      Layer layer = each.layer();
      Content content = Content.of(layer.content());
      boolean here = content.writer().equals(HERE);
      Packs packs = Packs.of(layer.manifest(), here ? Long.MAX_VALUE : content.full());
      for (Unpacking part : Unpacking.of(layer.manifest(), packs, each.names())) {
        String key =
            here ? list(run, layer.name()) : pack(run, layer.name(), content.writer(), part.pack());
        long before = here ? content.end() : 0;
        tasks.add(() -> part.into(into, blobs, key, before, pulse));
      }
    }
    transfers.all(tasks);
  }

  @Override
  public void put(RunFiles run, LayerName name, Manifest manifest, Path from, Pulse pulse)
      throws IOException {
    byte[] list = manifest.text().getBytes(StandardCharsets.UTF_8);
    boolean few = manifest.usage().bytes() <= FEW;
    Packs packs = Packs.of(manifest, few ? Long.MAX_VALUE : Packs.FULL);
    Content content = new Content(few ? HERE : writers.get(), list.length, Packs.FULL);
    if (!few) {
      putPacks(run, name, manifest, content, packs, from, pulse);
    }
    byte[] head = (content.line() + "\n").getBytes(StandardCharsets.US_ASCII);
    byte[] here = few ? bytes(packs, manifest, from, pulse) : new byte[0];
    boolean first =
        blobs.put(
            list(run, name),
            (long) head.length + list.length + here.length,
            () ->
                new SequenceInputStream(
                    new ByteArrayInputStream(head),
                    new SequenceInputStream(
                        new ByteArrayInputStream(list), new ByteArrayInputStream(here))));
    if (first || isMine(run, name, content)) {
      usages.add(run, name, manifest.usage());
    }
  }

  /** Whether the list that is there is this one after all, and only the answer was lost. */
  private boolean isMine(RunFiles run, LayerName name, Content content) throws IOException {
    if (content.writer().equals(HERE)) {
      return false; // it would say the same; a usage that is not counted harms nobody
    }
    try (InputStream in =
        blobs.read(list(run, name), 0, LONGEST_HEAD).orElseGet(InputStream::nullInputStream)) {
      return Content.read(in).writer().equals(content.writer());
    }
  }

  private void putPacks(
      RunFiles run,
      LayerName name,
      Manifest manifest,
      Content content,
      Packs packs,
      Path from,
      Pulse pulse)
      throws IOException {
    List<Transfers.Task<Boolean>> tasks = new ArrayList<>();
    for (int i = 0; i < packs.packs().size(); i++) {
      Packs.Pack pack = packs.packs().get(i);
      String key = pack(run, name, content.writer(), i);
      tasks.add(() -> blobs.put(key, pack.bytes(), new PackSource(from, manifest, pack, pulse)));
    }
    transfers.all(tasks);
  }

  private static byte[] bytes(Packs packs, Manifest manifest, Path from, Pulse pulse)
      throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (Packs.Pack pack : packs.packs()) {
      try (InputStream in = new PackSource(from, manifest, pack, pulse).open()) {
        in.transferTo(all);
      }
    }
    return all.toByteArray();
  }

  @Override
  public Manifest.Usage usage(RunFiles run) throws IOException {
    return usages.of(run);
  }
}
