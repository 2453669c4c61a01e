package dev.hindsight.bus;

import java.util.Optional;

/**
 * Makes messages between APICs of memory writes to FEEx xxxxh (SDM volume 3, section "Message
 * Signalled Interrupts"). Writes to other addresses, and those with a reserved delivery mode, do
 * nothing.
 *
 * <p>The destination mode counts whether or not there is a redirection hint, as it does in the
 * chipsets that operating systems were written for. With the hint and a logical destination, a
 * fixed interrupt goes to the processor of the lowest priority among those that are meant. A
 * de-assert message ends nothing: there is no level that somebody would hold on behalf of a device.
 */
public final class MessageSignalledInterrupts implements MessageSink {
  private static final long WINDOW = 0xFEE;
  private static final int WINDOW_SHIFT = 20;

  private static final int DESTINATION_SHIFT = 12;
  private static final int REDIRECTION_HINT = 1 << 3;
  private static final int LOGICAL = 1 << 2;

  private static final int DELIVERY_SHIFT = 8;
  private static final int ASSERT = 1 << 14;
  private static final int LEVEL = 1 << 15;

  /** The sender of a message that no local APIC has sent. */
  private static final int NO_APIC = -1;

  private final ApicBus bus;

  /** Interrupts that go to the APICs on a bus. */
  public MessageSignalledInterrupts(ApicBus bus) {
    this.bus = bus;
  }

  @Override
  public void send(long address, int data) {
    decode(address, data).ifPresent(bus::send);
  }

  /**
   * What a write means, if it is an interrupt.
   *
   * @param address physical address
   * @param data the four bytes written
   */
  public static Optional<ApicMessage> decode(long address, int data) {
    boolean level = (data & LEVEL) != 0;
    if (address >>> WINDOW_SHIFT != WINDOW || (level && (data & ASSERT) == 0)) {
      return Optional.empty();
    }
    return ApicMessage.Mode.ofField(data >>> DELIVERY_SHIFT)
        .filter(mode -> mode != ApicMessage.Mode.STARTUP)
        .map(mode ->
            new ApicMessage(
                redirected(mode, (int) address),
                data & 0xFF,
                isLogical((int) address) ? ApicMessage.Target.LOGICAL : ApicMessage.Target.PHYSICAL,
                (int) address >>> DESTINATION_SHIFT & 0xFF,
                level,
                true,
                NO_APIC));
  }

  private static boolean isLogical(int address) {
    return (address & LOGICAL) != 0;
  }

  private static ApicMessage.Mode redirected(ApicMessage.Mode mode, int address) {
    boolean redirected = isLogical(address) && (address & REDIRECTION_HINT) != 0;
    return redirected && mode == ApicMessage.Mode.FIXED ? ApicMessage.Mode.LOWEST_PRIORITY : mode;
  }
}
