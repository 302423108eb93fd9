/**
 * What starts runs of registered workflows: the times of schedules, the signatures of webhooks, and
 * how a payload becomes parameters.
 *
 * <p><b>Promise.</b> Pure: the time, the secret and the payload are given, nothing is stored or
 * sent. {@link dev.fanfare.trigger.Ticks} knows when a schedule comes, {@link
 * dev.fanfare.trigger.Signatures} whether a delivery is genuine, {@link
 * dev.fanfare.trigger.Delivery} who sent it and under which id, {@link dev.fanfare.trigger.Mapping}
 * whether it starts a run and with which parameters. The services in {@code function} join them to
 * the clock of the database, its tables and the conductor.
 *
 * <p><b>Failure handling.</b> A delivery comes from outside: what is wrong with it is an answer,
 * never an exception.
 *
 * <p>May see: {@code definition}, {@code expression}, {@code json}.
 */
@NullMarked
package dev.fanfare.trigger;

import org.jspecify.annotations.NullMarked;
