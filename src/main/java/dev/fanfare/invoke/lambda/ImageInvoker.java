package dev.fanfare.invoke.lambda;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.definition.Work;
import dev.fanfare.invoke.Invocation;
import dev.fanfare.invoke.Invoker;
import dev.fanfare.json.Json;
import dev.fanfare.secret.Masker;
import dev.fanfare.work.lambda.LambdaErrors;
import dev.fanfare.work.lambda.LambdaService;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;

/** Hands steps that ask for an image to the function that carries it, and others to an invoker. */
public final class ImageInvoker implements Invoker {

  private static final Logger LOG = System.getLogger(ImageInvoker.class.getName());

  private final Map<String, String> functions;
  private final LambdaService service;
  private final Invoker others;
  private final Executor executor;
  private final BiConsumer<Invocation, ErrorInfo> refused;

  /**
   * @param functions by image
   * @param others for steps that ask for no image, or for one without a function
   * @param executor where the service is called
   * @param refused is told of a step that no function will ever get
   */
  public ImageInvoker(
      Map<String, String> functions,
      LambdaService service,
      Invoker others,
      Executor executor,
      BiConsumer<Invocation, ErrorInfo> refused) {
    this.functions = Map.copyOf(functions);
    this.service = service;
    this.others = others;
    this.executor = executor;
    this.refused = refused;
  }

  @Override
  public void invoke(List<Invocation> invocations) {
    List<Invocation> rest = new ArrayList<>();
    for (Invocation invocation : invocations) {
      Optional<String> function = function(invocation);
      if (function.isPresent()) {
        try {
          executor.execute(() -> deliver(function.get(), invocation));
        } catch (RejectedExecutionException e) {
          LOG.log(Level.DEBUG, "step {0} is left to whoever comes next", invocation.step());
        }
      } else {
        rest.add(invocation);
      }
    }
    if (!rest.isEmpty()) {
      others.invoke(rest);
    }
  }

  private Optional<String> function(Invocation invocation) {
    return image(invocation).map(functions::get);
  }

  /** The image that a step asks for. */
  static Optional<String> image(Invocation invocation) {
    return invocation
        .order()
        .filter(order -> order.definition().body() instanceof Work.Run)
        .flatMap(order -> ((Work.Run) order.definition().body()).image());
  }

  private void deliver(String function, Invocation invocation) {
    Map<String, Object> payload = new LinkedHashMap<>();
    payload.put("run", invocation.run().toString());
    payload.put("step", invocation.step());
    payload.put("attempt", (long) invocation.attempt());
    invocation.order().ifPresent(order -> payload.put("trace", order.runTrace().parent()));
    byte[] bytes = Json.write(payload).getBytes(StandardCharsets.UTF_8);
    try {
      service.invoke(new LambdaService.Call(function, bytes, "", false));
    } catch (RuntimeException e) {
      ErrorInfo error = LambdaErrors.of(function, e, Masker.NONE);
      LOG.log(
          Level.WARNING, "step '" + invocation.step() + "' was not handed out: " + error.message());
      if (!LambdaErrors.mayPass(error)) {
        refused.accept(invocation, error);
      }
    }
  }
}
