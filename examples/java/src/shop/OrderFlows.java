package shop;

import dev.fanfare.dsl.Cronflow;
import dev.fanfare.dsl.Flows;
import dev.fanfare.dsl.StepKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What happens to an order of the shop. */
public class OrderFlows implements Flows {

  /** What a run is started with. */
  public record Request(String customer, List<Line> lines) {}

  public record Line(String item, int amount) {}

  public record Order(String customer, int total) {}

  private static final StepKey<Order> PRICED = StepKey.of("price", Order.class);

  private final Shop shop = new Shop();

  @Override
  public void define(Cronflow cron) {
    cron.define("process-order")
        .description("Prices, checks and ships an order.")
        .concurrency(5)
        .onWebhook(
            "shop/orders",
            hook ->
                hook.secret("SHOP_HOOK").idempotencyKey("event.id").condition("event.lines != []"))
        .onFailure(ctx -> ctx.log("given up: " + ctx.error().orElseThrow().message()))
        .step(PRICED, ctx -> shop.price(ctx.payload(Request.class)))
        .parallel(
            ctx -> shop.inStock(ctx.payload(Request.class)),
            ctx -> shop.creditOf(ctx.output(PRICED).customer()))
        .named("checks")
        .retry(retry -> retry.attempts(3).delay("200ms"))
        .step("decide", ctx -> ctx.last().get(0).isTrue() && ctx.last().get(1).asInt() > 0)
        .ifTrue("accepted", ctx -> ctx.last().isTrue())
        .step("ship", ctx -> shop.ship(ctx.idempotencyKey(), ctx.output(PRICED)))
        .action("count", ctx -> ctx.state().incr("shipped"))
        .orElse()
        .step("apologise", ctx -> Map.of("shipped", false))
        .endIf();

    cron.define("stock-report")
        .onSchedule("0 6 * * mon-fri")
        .step("items", ctx -> List.of("ink", "paper", "glue"))
        .forEach(
            "counted",
            ctx -> ctx.last(),
            flow ->
                flow.step("count-item", ctx -> shop.stockOf(ctx.item().asText()))
                    .retry(3)
                    .onError(ctx -> -1))
        .step("report", ctx -> Map.of("items", ctx.last().get("totalItems")));

    cron.define("refund")
        .step("amount", ctx -> ctx.payload().get("amount").asInt())
        .ifTrue("needs-approval", ctx -> ctx.last().asInt() > 100)
        .humanInTheLoop(
            human -> human.description("Refund this order?").timeout(Duration.ofDays(1)))
        .step("judged", ctx -> ctx.last().get("approved"))
        .orElse()
        .step("small", ctx -> true)
        .endIf()
        .step("done", ctx -> Map.of("refunded", ctx.last(), "amount", ctx.output("amount")));
  }
}
