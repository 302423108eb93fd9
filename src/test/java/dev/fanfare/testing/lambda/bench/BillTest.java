package dev.fanfare.testing.lambda.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class BillTest {

  private static final double A_HAIR = 1e-9;

  @Test
  void each_invocation_is_rounded_up_to_a_millisecond() {
    List<Duration> times =
        List.of(Duration.ofNanos(1), Duration.ofMillis(2), Duration.ofNanos(2_000_001));
    assertEquals(1 + 2 + 3, Bill.billed(times));
    assertEquals(0, Bill.billed(List.of()));
  }

  @Test
  void a_second_of_a_gigabyte_costs_what_the_list_says_and_half_the_memory_half_of_it() {
    List<Duration> second = List.of(Duration.ofSeconds(1));
    assertEquals(0.0000133334 + 0.0000002, Bill.of(second, 1024).dollars(), A_HAIR);
    assertEquals(0.0000133334 / 2 + 0.0000002, Bill.of(second, 512).dollars(), A_HAIR);
  }

  @Test
  void requests_of_the_queue_are_paid_apart() {
    assertEquals(0.4, Bill.NOTHING.withQueueRequests(1_000_000).dollars(), A_HAIR);
  }

  /** Worked by hand: 0.40 for requests, 0.2333345 for 2 x 17.5 ms at 512 MiB. */
  @Test
  void two_invocations_a_step_of_35_milliseconds_in_half_a_gigabyte_cost_63_cents_a_million() {
    List<Duration> million = Collections.nCopies(1_000_000, Duration.ofMillis(35));
    Bill bill = Bill.of(million, 512).plus(new Bill(1_000_000, 0, 0));
    assertEquals(0.6333345, bill.perMillion(1_000_000), 1e-6);
  }

  @Test
  void the_price_of_a_million_does_not_hang_on_how_many_were_measured() {
    List<Duration> ten = Collections.nCopies(10, Duration.ofMillis(4));
    List<Duration> thousand = Collections.nCopies(1_000, Duration.ofMillis(4));
    assertEquals(
        Bill.of(ten, 1024).perMillion(100), Bill.of(thousand, 1024).perMillion(10_000), A_HAIR);
  }
}
