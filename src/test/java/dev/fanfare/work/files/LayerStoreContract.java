package dev.fanfare.work.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.work.Pulse;
import dev.fanfare.work.Trees;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every store of layers does, wherever it keeps them. */
abstract class LayerStoreContract {

  static final Pulse PULSE = new Pulse();

  private final RunFiles run = new RunFiles(UUID.randomUUID(), 0);

  @TempDir Path folder;

  /** A store; asked twice in a test, one that knows what the first one has kept. */
  abstract LayerStore store() throws IOException;

  private Path folder(String name) throws IOException {
    return Files.createDirectories(folder.resolve(name));
  }

  /** Puts a layer of these files with their contents. */
  private Manifest put(RunFiles of, LayerName name, Map<String, String> files) throws IOException {
    Path from = folder("from-" + of.name() + "-" + name.step().hashCode() + "-" + name.attempt());
    Manifest manifest = written(from, files);
    store().put(of, name, manifest, from, PULSE);
    return manifest;
  }

  /** Writes these files with their contents. */
  static Manifest written(Path from, Map<String, String> files) throws IOException {
    Map<String, Entry> entries = new TreeMap<>();
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = Names.in(from, file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
      Files.setLastModifiedTime(path, FileTime.from(Instant.parse("2024-05-06T07:08:09Z")));
      Stamp stamp = Stamp.of(path);
      entries.put(file.getKey(), Entry.file(stamp.size(), stamp.mode(), stamp.modified(), "hash"));
    }
    return Manifest.of(entries);
  }

  private Path fetch(LayerName name, String... files) throws IOException {
    Path into = folder("into");
    Layer layer = store().find(run, List.of(name)).getFirst();
    for (String file : files) {
      Files.createDirectories(Names.in(into, file).getParent());
    }
    store().fetch(run, List.of(new LayerStore.Wanted(layer, List.of(files))), into, PULSE);
    return into;
  }

  @Test
  void a_layer_comes_back_as_it_was_put() throws IOException {
    LayerName name = new LayerName("build", 1);
    Manifest manifest = put(run, name, Map.of("a", "A", "d/b", "B", "d/e/c", "C"));
    List<Layer> found = store().find(run, List.of(name));
    assertEquals(1, found.size());
    assertEquals(name, found.getFirst().name());
    assertEquals(manifest, found.getFirst().manifest());
    Path into = fetch(name, "a", "d/e/c");
    assertEquals("A", Files.readString(into.resolve("a")));
    assertEquals("C", Files.readString(into.resolve("d/e/c")));
    assertFalse(Files.exists(into.resolve("d/b")), "only what was asked for");
  }

  @Test
  void permissions_and_times_come_back_too() throws IOException {
    LayerName name = new LayerName("build", 1);
    Path from = folder("from");
    Path script = Files.writeString(from.resolve("x"), "#!/bin/sh");
    Trees.setMode(script, 0750);
    Files.setLastModifiedTime(script, FileTime.from(Instant.parse("2024-05-06T07:08:09Z")));
    Stamp stamp = Stamp.of(script);
    Entry entry = Entry.file(stamp.size(), stamp.mode(), stamp.modified(), "hash");
    store().put(run, name, Manifest.of(Map.of("x", entry)), from, PULSE);
    Path back = fetch(name, "x").resolve("x");
    assertEquals(0750, Trees.mode(back));
    assertEquals(
        Instant.parse("2024-05-06T07:08:09Z"), Files.getLastModifiedTime(back).toInstant());
  }

  @Test
  void a_file_nobody_may_read_is_kept_all_the_same() throws IOException {
    LayerName name = new LayerName("build", 1);
    Path from = folder("from");
    Path secret = Files.writeString(from.resolve("x"), "shh");
    Trees.setMode(secret, 0);
    Entry entry = Entry.file(3, 0, Stamp.of(secret).modified(), "hash");
    store().put(run, name, Manifest.of(Map.of("x", entry)), from, PULSE);
    Path back = fetch(name, "x").resolve("x");
    assertEquals(0, Trees.mode(back));
    Trees.setMode(back, 0600);
    assertEquals("shh", Files.readString(back));
  }

  @Test
  void what_is_done_to_a_fetched_file_leaves_the_layer_alone() throws IOException {
    LayerName name = new LayerName("build", 1);
    put(run, name, Map.of("a", "before"));
    Path first = fetch(name, "a").resolve("a");
    Files.writeString(first, "after");
    Files.delete(first);
    assertEquals("before", Files.readString(fetch(name, "a").resolve("a")));
  }

  @Test
  void layers_that_are_not_there_are_left_out_and_the_rest_keeps_its_order() throws IOException {
    put(run, new LayerName("a", 1), Map.of("f", "1"));
    put(run, new LayerName("a", 2), Map.of("f", "2"));
    put(run, new LayerName("b", 1), Map.of("f", "3"));
    List<LayerName> asked =
        List.of(
            new LayerName("b", 1),
            new LayerName("b", 2),
            new LayerName("c", 1),
            new LayerName("a", 2));
    assertEquals(
        List.of(new LayerName("b", 1), new LayerName("a", 2)),
        store().find(run, asked).stream().map(Layer::name).toList());
    assertEquals(List.of(), store().find(new RunFiles(UUID.randomUUID(), 0), asked));
  }

  @Test
  void layers_of_another_run_or_another_beginning_are_others() throws IOException {
    RunFiles anew = new RunFiles(run.run(), 2);
    LayerName name = new LayerName("a", 1);
    put(run, name, Map.of("f", "old"));
    assertEquals(List.of(), store().find(anew, List.of(name)));
    put(anew, name, Map.of("f", "new!"));
    assertEquals(3, store().usage(run).bytes());
    assertEquals(4, store().usage(anew).bytes());
  }

  @Test
  void steps_whose_names_look_alike_have_layers_of_their_own() throws IOException {
    List<String> steps =
        new ArrayList<>(
            List.of("a", "A", "a.b", "a_b", "a[b]", "a[ü]", "a[u]", "a[x/../y]", "a[..]"));
    steps.add("x".repeat(300) + "1");
    steps.add("x".repeat(300) + "2");
    for (String step : steps) {
      put(run, new LayerName(step, 1), Map.of("f", "of " + step));
    }
    for (String step : steps) {
      Path into = fetch(new LayerName(step, 1), "f");
      assertEquals("of " + step, Files.readString(into.resolve("f")));
      Trees.delete(into);
    }
  }

  @Test
  void any_name_of_a_file_comes_back() throws IOException {
    LayerName name = new LayerName("a", 1);
    List<String> names =
        List.of("with%20space", "line%0Abreak", "%C3%BC", "%FF%FE", "100%25", "-", "list", "0");
    Map<String, String> files = new TreeMap<>();
    names.forEach(each -> files.put(each, each));
    put(run, name, files);
    Path into = fetch(name, names.toArray(String[]::new));
    for (String each : names) {
      assertEquals(each, Files.readString(Names.in(into, each)), each);
    }
  }

  @Test
  void links_folders_and_what_is_gone_need_no_files() throws IOException {
    LayerName name = new LayerName("a", 1);
    Manifest manifest =
        Manifest.of(
            Map.of(
                "link", Entry.link("some%20where"),
                "folder", Entry.folder(0755),
                "gone", Entry.gone(),
                "gone-folder", Entry.goneFolder()));
    store().put(run, name, manifest, folder("empty"), PULSE);
    assertEquals(manifest, store().find(run, List.of(name)).getFirst().manifest());
    assertEquals(new Manifest.Usage(0, 2), store().usage(run));
  }

  @Test
  void a_layer_that_is_there_stays_as_it_is() throws IOException {
    LayerName name = new LayerName("a", 1);
    put(run, name, Map.of("f", "first"));
    put(run, name, Map.of("f", "second", "g", "more"));
    assertEquals("first", Files.readString(fetch(name, "f").resolve("f")));
    assertEquals(new Manifest.Usage(5, 1), store().usage(run));
  }

  @Test
  void a_layer_that_cannot_be_put_together_is_not_there() throws IOException {
    LayerName name = new LayerName("a", 1);
    Path from = folder("from");
    Files.writeString(from.resolve("a"), "here");
    Manifest manifest =
        Manifest.of(
            Map.of("a", Entry.file(4, 0644, 0, "hash"), "b", Entry.file(4, 0644, 0, "hash")));
    assertThrows(IOException.class, () -> store().put(run, name, manifest, from, PULSE));
    assertEquals(List.of(), store().find(run, List.of(name)));
    assertEquals(Manifest.Usage.NONE, store().usage(run));
  }

  @Test
  void what_a_run_takes_is_the_sum_of_its_layers() throws IOException {
    assertEquals(Manifest.Usage.NONE, store().usage(run));
    put(run, new LayerName("a", 1), Map.of("f", "123", "g", "4"));
    assertEquals(new Manifest.Usage(4, 2), store().usage(run));
    put(run, new LayerName("b", 1), Map.of("f", "12345"));
    assertEquals(new Manifest.Usage(9, 3), store().usage(run));
  }

  @Test
  void many_layers_may_be_put_at_once() throws Exception {
    int threads = 8;
    List<Future<Void>> all = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      CyclicBarrier barrier = new CyclicBarrier(threads);
      for (int i = 0; i < threads; i++) {
        int number = i;
        all.add(
            pool.submit(
                () -> {
                  barrier.await(10, TimeUnit.SECONDS);
                  put(run, new LayerName("own[" + number + "]", 1), Map.of("f", "x"));
                  put(new RunFiles(run.run(), number), new LayerName("same", 1), Map.of("f", "y"));
                  return null;
                }));
      }
      for (Future<Void> each : all) {
        each.get(20, TimeUnit.SECONDS);
      }
    }
    List<LayerName> names = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      names.add(new LayerName("own[" + i + "]", 1));
    }
    assertEquals(threads, store().find(run, names).size());
    assertTrue(store().usage(run).bytes() >= threads);
  }

  @Test
  void of_two_that_put_the_same_layer_the_first_is_seen_whole() throws Exception {
    LayerName name = new LayerName("same", 1);
    int writers = 4;
    String large = "x".repeat(200_000);
    CyclicBarrier barrier = new CyclicBarrier(writers);
    List<Future<Void>> all = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(writers)) {
      for (int i = 0; i < writers; i++) {
        String own = "by " + i;
        Path from = folder("writer" + i);
        Manifest manifest = written(from, Map.of("a", own, "b", own + large, "c/d", own));
        all.add(
            pool.submit(
                () -> {
                  barrier.await(10, TimeUnit.SECONDS);
                  store().put(run, name, manifest, from, PULSE);
                  return null;
                }));
      }
      for (Future<Void> each : all) {
        each.get(20, TimeUnit.SECONDS);
      }
    }
    Path into = fetch(name, "a", "b", "c/d");
    String winner = Files.readString(into.resolve("a"));
    assertEquals(winner + large, Files.readString(into.resolve("b")));
    assertEquals(winner, Files.readString(into.resolve("c/d")));
    assertEquals(3, store().usage(run).files());
  }

  @Test
  void many_small_files_come_back() throws IOException {
    LayerName name = new LayerName("a", 1);
    Map<String, String> files = new TreeMap<>();
    for (int i = 0; i < 300; i++) {
      files.put("d" + i % 7 + "/f" + i, "content of " + i + "x".repeat(i * 5));
    }
    put(run, name, files);
    Path into = fetch(name, files.keySet().toArray(String[]::new));
    for (Map.Entry<String, String> file : files.entrySet()) {
      assertEquals(file.getValue(), Files.readString(into.resolve(file.getKey())));
    }
  }

  @Test
  void empty_files_come_back() throws IOException {
    LayerName name = new LayerName("a", 1);
    put(run, name, Map.of("a", "", "b", "x", "c", "", "d", ""));
    Path into = fetch(name, "a", "b", "c");
    assertEquals(0, Files.size(into.resolve("a")));
    assertEquals("x", Files.readString(into.resolve("b")));
    assertEquals(0, Files.size(into.resolve("c")));
    assertFalse(Files.exists(into.resolve("d")));
  }

  @Test
  void a_large_file_comes_back_among_small_ones() throws IOException {
    LayerName name = new LayerName("a", 1);
    Path from = folder("from");
    byte[] piece = new byte[1 << 20];
    try (OutputStream out = Files.newOutputStream(from.resolve("m-large"))) {
      for (int i = 0; i < 64; i++) {
        Arrays.fill(piece, (byte) i);
        out.write(piece);
      }
    }
    Files.writeString(from.resolve("a-small"), "before");
    Files.writeString(from.resolve("z-small"), "after");
    Map<String, Entry> entries = new TreeMap<>();
    for (String each : List.of("a-small", "m-large", "z-small")) {
      Stamp stamp = Stamp.of(from.resolve(each));
      entries.put(each, Entry.file(stamp.size(), stamp.mode(), stamp.modified(), "hash"));
    }
    store().put(run, name, Manifest.of(entries), from, PULSE);
    Path into = fetch(name, "a-small", "m-large", "z-small");
    assertEquals("before", Files.readString(into.resolve("a-small")));
    assertEquals("after", Files.readString(into.resolve("z-small")));
    try (InputStream in = Files.newInputStream(into.resolve("m-large"))) {
      for (int i = 0; i < 64; i++) {
        Arrays.fill(piece, (byte) i);
        assertArrayEquals(piece, in.readNBytes(1 << 20));
      }
      assertEquals(-1, in.read());
    }
  }

  @Test
  void files_of_many_layers_come_at_once() throws IOException {
    Path into = folder("into");
    List<LayerName> names = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      names.add(new LayerName("step[" + i + "]", 1));
      put(run, names.getLast(), Map.of("of" + i, "x" + i));
    }
    List<LayerStore.Wanted> wanted =
        store().find(run, names).stream()
            .map(
                layer ->
                    new LayerStore.Wanted(layer, List.copyOf(layer.manifest().entries().keySet())))
            .toList();
    store().fetch(run, wanted, into, PULSE);
    for (int i = 0; i < 30; i++) {
      assertEquals("x" + i, Files.readString(into.resolve("of" + i)));
    }
  }
}
