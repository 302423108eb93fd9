package dev.fanfare.work.http;

import java.net.InetAddress;

/** Which addresses a workflow may connect to. */
@FunctionalInterface
public interface HostPolicy {

  /** Everything: for runs on a person's own machine. */
  HostPolicy ANY = address -> true;

  /**
   * Everything but link-local addresses and the metadata services of the clouds, also where they
   * hide in an IPv6 address.
   */
  HostPolicy NO_METADATA = address -> !Metadata.isServedAt(address);

  /** Whether this address may be connected to. */
  boolean allows(InetAddress address);
}
