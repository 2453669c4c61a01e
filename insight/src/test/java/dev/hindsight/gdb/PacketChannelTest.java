package dev.hindsight.gdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ProtocolException;
import org.junit.jupiter.api.Test;

class PacketChannelTest {
  private final ScriptedWire wire = new ScriptedWire(false);
  private final PacketChannel channel = new PacketChannel(wire);

  @Test
  void packetsAreAcknowledgedUntilItIsAskedNotTo() throws IOException {
    wire.packet("a").packet("b");
    assertThat(channel.receive()).isEqualTo("a");
    assertThat(wire.received()).isEqualTo("+");
    channel.stopAcknowledging();
    assertThat(channel.receive()).isEqualTo("b");
    assertThat(wire.received()).isEqualTo("+");
  }

  @Test
  void aDamagedPacketIsRefusedAndComesAgain() throws IOException {
    wire.send("$a#00").packet("a");
    assertThat(channel.receive()).isEqualTo("a");
    assertThat(wire.received()).isEqualTo("-+");
  }

  @Test
  void aDamagedPacketThatNobodyCanAskForAgainEndsIt() {
    channel.stopAcknowledging();
    wire.send("$a#00");
    assertThatThrownBy(channel::receive)
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("wrong checksum");
  }

  @Test
  void whatWasRefusedIsSentAgain() throws IOException {
    channel.send("OK");
    wire.send("--+").packet("a");
    assertThat(channel.receive()).isEqualTo("a");
    assertThat(wire.received()).isEqualTo("$OK#9a$OK#9a$OK#9a+");
  }

  @Test
  void whoRefusesForeverIsLeft() throws IOException {
    channel.send("OK");
    wire.send("-".repeat(100));
    assertThatThrownBy(channel::receive).isInstanceOf(ProtocolException.class);
  }

  @Test
  void impatienceIsNoRefusal() throws IOException {
    channel.stopAcknowledging();
    channel.send("OK");
    wire.send("-".repeat(100)).packet("a");
    assertThat(channel.receive()).isEqualTo("a");
    assertThat(wire.received()).isEqualTo("$OK#9a");
  }

  @Test
  void aDisconnectInMidPacketIsTheEnd() throws IOException {
    wire.send("$qSuppor");
    assertThat(channel.receive()).isNull();
    assertThat(channel.receive()).isNull();
  }

  @Test
  void anEndlessPacketEndsIt() {
    wire.send("$" + "m".repeat(PacketDecoder.MOST_BYTES + 1));
    assertThatThrownBy(channel::receive)
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("does not end");
  }

  @Test
  void interruptsAreSeenWhileTheTargetRuns() throws IOException {
    wire.send("+").packet("a").send("\u0003").packet("b");
    assertThat(channel.isInterrupted()).isTrue();
    assertThat(channel.receive()).isEqualTo("a");
    assertThat(channel.receive()).isEqualTo("b");
    assertThat(channel.isInterrupted()).isTrue(); // it has gone
  }

  @Test
  void packetsDoNotPileUpWhileTheTargetRuns() {
    for (int i = 0; i < 100; i++) {
      wire.packet("a");
    }
    assertThat(channel.isInterrupted()).isTrue();
    assertThatThrownBy(channel::receive)
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("waits for no answer");
  }
}
