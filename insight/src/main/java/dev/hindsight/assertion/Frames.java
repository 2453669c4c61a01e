package dev.hindsight.assertion;

import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.Vcpu;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Follows frame pointers, which may lead anywhere. */
final class Frames {
  private static final int MOST = 64;
  private static final int SS = 2;

  private Frames() {}

  /** Return addresses, from the innermost on. */
  static List<Long> returns(Vcpu cpu) {
    List<Long> all = new ArrayList<>();
    int word = cpu.codeMode().bits() / 8;
    long base = cpu.is64Bit() ? 0 : cpu.segment(SS).base();
    long frame = cpu.general().get(GeneralRegisters.RBP, cpu.codeMode().bits());
    while (all.size() < MOST && frame != 0) {
      OptionalLong caller = Memory.read(cpu, base + frame, word);
      OptionalLong address = Memory.read(cpu, base + frame + word, word);
      if (caller.isEmpty() || address.isEmpty()) {
        break;
      }
      all.add(address.getAsLong());
      if (Long.compareUnsigned(caller.getAsLong(), frame) <= 0) {
        break; // stacks grow downwards
      }
      frame = caller.getAsLong();
    }
    return all;
  }
}
