package dev.fanfare.work.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FolderLayersTest extends LayerStoreContract {

  @Override
  LayerStore store() {
    return new FolderLayers(folder.resolve("runs"));
  }

  @Test
  void a_process_that_died_while_it_put_a_layer_leaves_none() throws IOException {
    RunFiles run = new RunFiles(UUID.randomUUID(), 0);
    LayerName name = new LayerName("a", 1);
    Path layers = Files.createDirectories(folder.resolve("runs/" + run.name() + "/layers"));
    Path half = Files.createDirectories(layers.resolve(".new-123"));
    Files.writeString(half.resolve("list"), "layer 1 1 1000\nf 420 10");
    assertEquals(List.of(), store().find(run, List.of(name)));
    assertEquals(Manifest.Usage.NONE, store().usage(run));
  }

  @Test
  void nothing_is_left_of_a_layer_that_was_there_before() throws IOException {
    RunFiles run = new RunFiles(UUID.randomUUID(), 0);
    LayerName name = new LayerName("a", 1);
    for (int i = 0; i < 2; i++) {
      Path from = Files.createDirectories(folder.resolve("from" + i));
      Files.writeString(from.resolve("f"), "x");
      Manifest manifest = Manifest.of(Map.of("f", Entry.file(1, 0644, 0, "hash")));
      store().put(run, name, manifest, from, PULSE);
    }
    try (Stream<Path> all = Files.list(folder.resolve("runs/" + run.name() + "/layers"))) {
      assertEquals(1, all.count());
    }
  }
}
