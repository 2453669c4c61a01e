package dev.hindsight.cli.ask;

import dev.hindsight.cpu.CpuModel;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.x86.Decoded;
import dev.hindsight.x86.Decoder;
import java.util.OptionalLong;

/** Instructions by linear address, as a vCPU's present address space and mode have them. */
final class MappedCode {
  private final Decoder decoder;

  /** Of the vCPUs of a model. */
  MappedCode(CpuModel model) {
    decoder = new Decoder(model.features());
  }

  /** What is at an address. */
  Decoded decode(Vcpu cpu, long linear) {
    return decoder.decode(cpu.codeMode(), offset -> byteAt(cpu, linear + offset));
  }

  /** A byte; -1 if no page is mapped. */
  static int byteAt(Vcpu cpu, long linear) {
    OptionalLong physical = cpu.memory().look(linear);
    return physical.isEmpty() ? -1 : (int) cpu.physical().peek(physical.getAsLong(), 1) & 0xFF;
  }
}
