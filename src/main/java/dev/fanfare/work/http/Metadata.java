package dev.fanfare.work.http;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/** Addresses under which a cloud hands out credentials. */
final class Metadata {

  private static final byte[] EC2_V6 = HexFormat.of().parseHex("fd000ec2000000000000000000000254");
  private static final byte[] GCP_V6 = HexFormat.of().parseHex("fd200ce0000000000000000000000254");
  private static final byte[] NAT64 = HexFormat.of().parseHex("0064ff9b0000000000000000");
  private static final byte[] COMPATIBLE = new byte[12];
  private static final byte[] ALIBABA = {100, 100, 100, (byte) 200};

  private Metadata() {}

  static boolean isServedAt(InetAddress address) {
    byte[] bytes = address.getAddress();
    return address.isLinkLocalAddress()
        || Arrays.equals(bytes, EC2_V6)
        || Arrays.equals(bytes, GCP_V6)
        || isV4(embeddedV4(bytes));
  }

  private static boolean isV4(byte[] v4) {
    return v4.length == 4
        && ((v4[0] == (byte) 169 && v4[1] == (byte) 254) || Arrays.equals(v4, ALIBABA));
  }

  /** The IPv4 address itself, or the one inside a NAT64, IPv4-compatible or 6to4 address. */
  private static byte[] embeddedV4(byte[] bytes) {
    if (bytes.length == 4) {
      return bytes;
    }
    byte[] prefix = Arrays.copyOf(bytes, 12);
    if (Arrays.equals(prefix, NAT64) || Arrays.equals(prefix, COMPATIBLE)) {
      return Arrays.copyOfRange(bytes, 12, 16);
    }
    boolean sixToFour = bytes[0] == 0x20 && bytes[1] == 0x02;
    return sixToFour ? Arrays.copyOfRange(bytes, 2, 6) : new byte[0];
  }
}
