package shop;

import java.util.Map;
import shop.OrderFlows.Order;
import shop.OrderFlows.Request;

/** Stands for the services that a shop has. */
class Shop {

  private static final Map<String, Integer> PRICES = Map.of("ink", 12, "paper", 3, "glue", 4);

  Order price(Request request) {
    int total =
        request.lines().stream()
            .mapToInt(line -> PRICES.getOrDefault(line.item(), 0) * line.amount())
            .sum();
    return new Order(request.customer(), total);
  }

  boolean inStock(Request request) {
    return request.lines().stream().allMatch(line -> stockOf(line.item()) >= line.amount());
  }

  int creditOf(String customer) {
    return customer.isBlank() ? 0 : 500;
  }

  int stockOf(String item) {
    return PRICES.containsKey(item) ? 10 : 0;
  }

  /**
   * A real one would hand the key to the carrier, which then sends nothing twice.
   *
   * @param key the same however often the step is executed
   */
  Map<String, Object> ship(String key, Order order) {
    return Map.of("shipped", true, "total", order.total(), "label", key);
  }
}
