package dev.fanfare.local.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.eclipse.microprofile.config.ConfigProvider;

/** One-step runs over HTTP, one after another: submitted with wait, answered with the outcome. */
final class HttpLatency {

  private static final String BODY =
      """
      {"file": {"name": "latency.yaml", "text": "name: latency\\nsteps:\\n  one: { call: %s }\\n"}}
      """
          .formatted(NoopStep.NAME);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final HttpRequest request;

  HttpLatency() {
    int port = ConfigProvider.getConfig().getValue("quarkus.http.port", Integer.class);
    this.request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/runs?wait=30s"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(BODY))
            .build();
  }

  double[] measure(int requests) throws InterruptedException {
    double[] millis = new double[requests];
    for (int i = 0; i < requests; i++) {
      long start = System.nanoTime();
      try {
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (!response.body().contains("\"succeeded\"")) {
          throw new IllegalStateException("the run did not succeed: " + response.body());
        }
      } catch (IOException e) {
        throw new IllegalStateException("the server did not answer", e);
      }
      millis[i] = (System.nanoTime() - start) / 1e6;
    }
    return millis;
  }
}
