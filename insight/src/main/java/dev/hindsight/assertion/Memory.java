package dev.hindsight.assertion;

import dev.hindsight.bus.BackDoor;
import dev.hindsight.cpu.Vcpu;
import java.io.ByteArrayOutputStream;
import java.util.OptionalLong;

/** Looks at a guest's memory by linear address, without changing anything. */
final class Memory {
  private static final int RSI = 6;
  private static final int RDI = 7;

  /** Longest text that is read at once. */
  private static final int LONGEST = 1 << 16;

  private Memory() {}

  /** A number of 2, 4 or 8 bytes; empty where no memory is. */
  static OptionalLong read(Vcpu cpu, long linear, int bytes) {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      OptionalLong at = cpu.memory().look(linear + i);
      if (at.isEmpty() || cpu.physical().readPage(at.getAsLong() >>> 12) == 0) {
        return OptionalLong.empty();
      }
      value |= (cpu.physical().peek(at.getAsLong(), 1) & 0xFF) << 8 * i;
    }
    return OptionalLong.of(value);
  }

  /** The text that goes with a call: RDI bytes from RSI on, as far as there is memory. */
  static byte[] text(Vcpu cpu, BackDoor.Caller caller) {
    long from = caller.linear(caller.register(RSI));
    long length = caller.register(RDI) & 0xFFFF_FFFFL;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < Math.min(length, LONGEST); i++) {
      OptionalLong value = read(cpu, from + i, 1);
      if (value.isEmpty()) {
        break;
      }
      bytes.write((int) value.getAsLong());
    }
    return bytes.toByteArray();
  }
}
