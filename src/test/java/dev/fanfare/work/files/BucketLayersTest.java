package dev.fanfare.work.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.blob.Blobs;
import dev.fanfare.blob.Transfers;
import dev.fanfare.blob.s3.S3Blobs;
import dev.fanfare.testing.ObjectServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Layers in a bucket: the real SDK over real HTTP. */
class BucketLayersTest extends LayerStoreContract {

  private static final LayerName NAME = new LayerName("a", 1);
  private static final String LARGE = "x".repeat(100_000);

  private final RunFiles run = new RunFiles(UUID.randomUUID(), 0);
  private final Transfers transfers = new Transfers(8);
  private final ObjectServer server = ObjectServer.start("files");
  private final Blobs blobs = new S3Blobs("files", Optional.of(server.uri()));

  @Override
  LayerStore store() {
    return new BlobLayers(blobs, transfers, () -> UUID.randomUUID().toString());
  }

  @AfterEach
  void stop() {
    blobs.close();
    transfers.close();
    server.close();
  }

  private Path from() throws IOException {
    return Files.createTempDirectory(folder, "from");
  }

  private void fetchAll(LayerStore store, Path into) throws IOException {
    Layer layer = store.find(run, List.of(NAME)).getFirst();
    List<String> names = List.copyOf(layer.manifest().entries().keySet());
    store.fetch(run, List.of(new LayerStore.Wanted(layer, names)), into, PULSE);
  }

  @Test
  void few_bytes_take_one_request_there_and_two_back() throws IOException {
    Path from = from();
    Map<String, String> files = new TreeMap<>();
    for (int i = 0; i < 100; i++) {
      files.put("f" + i, "content " + i);
    }
    Manifest manifest = written(from, files);
    store().put(run, NAME, manifest, from, PULSE);
    assertEquals(
        List.of("lists", "usage"),
        server.requests().stream().map(request -> request.key().split("/")[2]).toList());
    server.forgetRequests();
    fetchAll(store(), from());
    assertEquals(2, server.requests().size());
  }

  @Test
  void steps_that_left_nothing_cost_one_request_together() throws IOException {
    List<LayerName> names = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      names.add(new LayerName("step" + i, 1));
    }
    Path from = from();
    store().put(run, names.get(41), written(from, Map.of("a", "x")), from, PULSE);
    server.forgetRequests();
    assertEquals(
        List.of(names.get(41)), store().find(run, names).stream().map(Layer::name).toList());
    assertEquals(2, server.requests().size());
  }

  @Test
  void many_files_take_few_requests() throws IOException {
    Path from = from();
    Map<String, String> files = new TreeMap<>();
    for (int i = 0; i < 1000; i++) {
      files.put("f" + i, "x".repeat(100 + i));
    }
    store().put(run, NAME, written(from, files), from, PULSE);
    assertEquals(3, server.requests().size());
    server.forgetRequests();
    fetchAll(store(), from());
    assertEquals(2, server.requests().size());
  }

  @Test
  void a_busy_bucket_and_broken_connections_delay_only() throws IOException {
    Path from = from();
    Manifest manifest = written(from, Map.of("a", LARGE, "b", "small"));
    server.failNext(2, ObjectServer.SLOW_DOWN, request -> true);
    store().put(run, NAME, manifest, from, PULSE);
    server.failNext(3, new ObjectServer.Fault.CutBody(50), request -> true);
    Path into = from();
    fetchAll(store(), into);
    assertEquals(LARGE, Files.readString(into.resolve("a")));
    assertEquals("small", Files.readString(into.resolve("b")));
  }

  @Test
  void a_list_whose_answer_is_lost_counts_once() throws IOException {
    Path from = from();
    server.failNext(
        1, new ObjectServer.Fault.Cut(true), request -> request.key().contains("/lists/"));
    store().put(run, NAME, written(from, Map.of("a", LARGE)), from, PULSE);
    assertEquals(new Manifest.Usage(LARGE.length(), 1), store().usage(run));
    fetchAll(store(), from());
  }

  @Test
  void a_writer_that_dies_before_its_list_leaves_no_layer() throws IOException {
    Path from = from();
    Manifest manifest = written(from, Map.of("a", LARGE));
    server.faults(
        request ->
            request.key().contains("/lists/")
                ? Optional.of(ObjectServer.DENIED)
                : Optional.empty());
    assertThrows(IOException.class, () -> store().put(run, NAME, manifest, from, PULSE));
    server.noFaults();
    assertEquals(List.of(), store().find(run, List.of(NAME)));
    assertEquals(Manifest.Usage.NONE, store().usage(run));
    store().put(run, NAME, manifest, from, PULSE);
    Path into = from();
    fetchAll(store(), into);
    assertEquals(LARGE, Files.readString(into.resolve("a")));
  }

  @Test
  void files_that_have_expired_are_said_to_have() throws IOException {
    Path from = from();
    store().put(run, NAME, written(from, Map.of("a", LARGE)), from, PULSE);
    server.expire("files", "layers/" + run.name() + "/files");
    IOException failure = assertThrows(IOException.class, () -> fetchAll(store(), from()));
    assertTrue(String.valueOf(failure.getMessage()).contains("have expired"), failure.getMessage());
  }

  @Test
  void a_bucket_that_refuses_is_named_with_what_it_says() throws IOException {
    Path from = from();
    Manifest manifest = written(from, Map.of("a", "x"));
    server.faults(request -> Optional.of(ObjectServer.DENIED));
    IOException failure =
        assertThrows(IOException.class, () -> store().put(run, NAME, manifest, from, PULSE));
    assertTrue(
        String.valueOf(failure.getMessage()).startsWith("the bucket files: put layers/"),
        failure.getMessage());
    assertTrue(String.valueOf(failure.getMessage()).contains("AccessDenied"));
  }

  @Test
  void it_takes_three_permissions() throws IOException {
    Path from = from();
    store().put(run, NAME, written(from, Map.of("a", LARGE)), from, PULSE);
    store().usage(run);
    fetchAll(store(), from());
    assertEquals(Set.of("s3:GetObject", "s3:ListBucket", "s3:PutObject"), server.actions());
  }
}
