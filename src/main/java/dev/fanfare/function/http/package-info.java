/**
 * HTTP inside a function: an event of payload format 2.0, as function URLs and HTTP APIs send it,
 * becomes a request to the API of this very process.
 *
 * <p>{@link dev.fanfare.function.http.HttpEvent} reads the event, {@link
 * dev.fanfare.function.http.Loopback} sends it over a loopback port that is opened for the first
 * event, {@link dev.fanfare.function.http.HttpReply} is the answer as the event's sender takes it.
 * Method, path, query, headers, cookies, body and status pass byte for byte.
 *
 * <p>What AWS vouches for (who calls, under which name) never travels in a header. It waits in
 * {@link dev.fanfare.function.http.HttpCalls} under a random ticket that is good for one request,
 * and the port answers nobody without one. So nothing that a caller sends can stand for it.
 *
 * <p>May see what {@code function} may, and Quarkus's HTTP.
 */
@NullMarked
package dev.fanfare.function.http;

import org.jspecify.annotations.NullMarked;
