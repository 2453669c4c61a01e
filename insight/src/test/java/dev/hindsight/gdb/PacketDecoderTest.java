package dev.hindsight.gdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.gdb.PacketDecoder.Event;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PacketDecoderTest {
  private final PacketDecoder decoder = new PacketDecoder();

  private List<Event> decode(String bytes) {
    List<Event> events = new ArrayList<>();
    for (char b : bytes.toCharArray()) {
      Event event = decoder.accept(b);
      if (event != null) {
        events.add(event);
      }
    }
    return events;
  }

  @Test
  void packetsAreFramed() {
    // 'O' + 'K' is 0x9a
    assertThat(decode("$OK#9a")).containsExactly(new Event.Packet("OK"));
    assertThat(decode("$#00")).containsExactly(new Event.Packet(""));
    assertThat(decode("+$OK#9A-\u0003"))
        .containsExactly(
            new Event.Acknowledged(),
            new Event.Packet("OK"),
            new Event.Refused(),
            new Event.Interrupt());
  }

  @Test
  void escapesCountAsTheyAreSent() {
    // '}' 0x7d, and '#' 0x23 as 0x03: 0x80
    assertThat(decode("$}\u0003#80")).containsExactly(new Event.Packet("#"));
  }

  @Test
  void damage() {
    assertThat(decode("$OK#9b")).containsExactly(new Event.Damaged());
    assertThat(decode("$OK#x1")).containsExactly(new Event.Damaged());
    assertThat(decode("$OK#9x$OK#9a")).containsExactly(new Event.Damaged(), new Event.Packet("OK"));
    assertThat(decode("GET / HTTP/1.1\r\n\r\n")).isEmpty();
    assertThat(decode("$lost$OK#9a")).containsExactly(new Event.Packet("OK"));
  }

  @Test
  void aPacketThatDoesNotEndIsGivenUp() {
    assertThat(decode("$" + "a".repeat(PacketDecoder.MOST_BYTES))).isEmpty();
    assertThat(decode("a")).containsExactly(new Event.TooLong());
    assertThat(decode("a".repeat(100_000))).isEmpty();
    assertThat(decode("$OK#9a")).containsExactly(new Event.Packet("OK"));
  }

  @Test
  void whatIsEncodedIsDecoded() {
    Random random = new Random(1);
    for (int i = 0; i < 1000; i++) {
      StringBuilder body = new StringBuilder();
      int length = random.nextInt(200);
      for (int n = 0; n < length; n++) {
        body.append((char) random.nextInt(256));
      }
      byte[] bytes = PacketEncoder.encode(body.toString());
      assertThat(decode(new String(bytes, StandardCharsets.ISO_8859_1)))
          .containsExactly(new Event.Packet(body.toString()));
    }
    byte[] special = PacketEncoder.encode("a#b$c}d*e");
    assertThat(new String(special, StandardCharsets.ISO_8859_1))
        .startsWith("$a}\u0003b}\u0004c}]d}\ne#");
  }
}
