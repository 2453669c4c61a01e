package dev.hindsight.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The layout of address and data (SDM volume 3, "Message Signalled Interrupts"). */
class MessageSignalledInterruptsTest {
  private final List<ApicMessage> sent = new ArrayList<>();
  private final MessageSignalledInterrupts interrupts = new MessageSignalledInterrupts(sent::add);

  @ParameterizedTest
  @CsvSource({
    // address, data: mode, vector, target, destination, level
    "0xFEE00000, 0x0041, FIXED, 0x41, PHYSICAL, 0, false",
    "0xFEE05000, 0x0041, FIXED, 0x41, PHYSICAL, 5, false",
    "0xFEEFF000, 0x00FE, FIXED, 0xFE, PHYSICAL, 0xFF, false",
    // the reserved bits 11 to 4, 1 and 0 of the address, and 31 to 16 of the data, say nothing
    "0xFEE05FF3, 0xABCD0041, FIXED, 0x41, PHYSICAL, 5, false",
    "0xFEE03004, 0x0041, FIXED, 0x41, LOGICAL, 3, false",
    "0xFEE03008, 0x0041, FIXED, 0x41, PHYSICAL, 3, false",
    "0xFEE0300C, 0x0041, LOWEST_PRIORITY, 0x41, LOGICAL, 3, false",
    "0xFEE0300C, 0x0141, LOWEST_PRIORITY, 0x41, LOGICAL, 3, false",
    "0xFEE0300C, 0x0400, NMI, 0, LOGICAL, 3, false",
    "0xFEE03004, 0x0141, LOWEST_PRIORITY, 0x41, LOGICAL, 3, false",
    "0xFEE01000, 0x0200, SMI, 0, PHYSICAL, 1, false",
    "0xFEE01000, 0x0400, NMI, 0, PHYSICAL, 1, false",
    "0xFEE01000, 0x0500, INIT, 0, PHYSICAL, 1, false",
    "0xFEE01000, 0x0700, EXTINT, 0, PHYSICAL, 1, false",
    // level-triggered, asserted; with an edge the level says nothing
    "0xFEE01000, 0xC041, FIXED, 0x41, PHYSICAL, 1, true",
    "0xFEE01000, 0x4041, FIXED, 0x41, PHYSICAL, 1, false",
  })
  void meaning(
      long address,
      long data,
      ApicMessage.Mode mode,
      int vector,
      ApicMessage.Target target,
      int destination,
      boolean level) {
    interrupts.send(address, (int) data);
    assertThat(sent)
        .containsExactly(new ApicMessage(mode, vector, target, destination, level, true, -1));
  }

  @ParameterizedTest
  @CsvSource({
    "0xFED00000, 0x41",
    "0xFEF00000, 0x41",
    "0xFEDFFFFF, 0x41",
    "0, 0x41",
    "0x1FEE00000, 0x41",
    "-18874368, 0x41",
    // reserved delivery modes
    "0xFEE00000, 0x341",
    "0xFEE00000, 0x641",
    // level de-assert
    "0xFEE00000, 0x8041",
    "0xFEE00000, 0x8500",
  })
  void whatIsNoInterrupt(long address, int data) {
    interrupts.send(address, data);
    assertThat(sent).isEmpty();
  }

  @Test
  void messagesKeepTheirOrder() {
    interrupts.send(0xFEE00000L, 0x50);
    interrupts.send(0xFEE00000L, 0x40);
    assertThat(sent).extracting(ApicMessage::vector).containsExactly(0x50, 0x40);
  }
}
