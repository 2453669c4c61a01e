package dev.hindsight.gdb;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Makes bytes of packets. */
final class PacketEncoder {
  private PacketEncoder() {}

  /**
   * A packet with its frame and checksum.
   *
   * @param body one character, 0 to 255, for each byte
   */
  static byte[] encode(String body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(body.length() + 4);
    int sum = 0;
    out.write(PacketDecoder.START);
    for (int i = 0; i < body.length(); i++) {
      int c = body.charAt(i);
      if (isSpecial(c)) {
        out.write(PacketDecoder.ESCAPE);
        sum += PacketDecoder.ESCAPE;
        c ^= PacketDecoder.ESCAPED;
      }
      out.write(c);
      sum += c;
    }
    out.writeBytes("#%02x".formatted(sum & 0xFF).getBytes(StandardCharsets.ISO_8859_1));
    return out.toByteArray();
  }

  /** The frame's own characters, and the one that begins a run length. */
  private static boolean isSpecial(int c) {
    return c == PacketDecoder.START
        || c == PacketDecoder.END
        || c == PacketDecoder.ESCAPE
        || c == '*';
  }
}
