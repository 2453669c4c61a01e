package dev.hindsight.gdb;

import dev.hindsight.cpu.Vcpu;
import dev.hindsight.timeline.Edit;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * All registers that a debugger is told of, and their description.
 *
 * <p>A debugger learns once, when it attaches, which ones there are: those of x86-64 if the first
 * vCPU is in IA-32e mode then, else those of i386. It keeps to them whatever mode the guest goes to
 * later; to see the others it attaches again. There are upper halves of vectors where the CPU model
 * has AVX.
 */
final class RegisterFile {
  private final List<Register> registers;
  private final String xml;

  RegisterFile(String architecture, List<Feature> features) {
    registers = features.stream().flatMap(f -> f.registers().stream()).toList();
    xml = TargetXml.of(architecture, features);
  }

  /** The registers to tell of while a vCPU is in its present mode. */
  static RegisterFile of(Vcpu cpu) {
    RegisterTable table = new RegisterTable(cpu.isLongMode(), cpu.model());
    return new RegisterFile(table.architecture(), table.features());
  }

  /** The target description. */
  String xml() {
    return xml;
  }

  /** All values, one after another. */
  byte[] readAll(Vcpu cpu) {
    ByteBuffer out = buffer(bytes());
    registers.forEach(r -> r.reader().read(cpu, out));
    return out.array();
  }

  /** The value of one register. */
  byte[] read(Vcpu cpu, int number) {
    Register r = register(number);
    ByteBuffer out = buffer(r.bits() / Byte.SIZE);
    r.reader().read(cpu, out);
    return out.array();
  }

  /** What is to be changed for a register to have a value. */
  List<Edit> edits(Vcpu cpu, int number, byte[] value) {
    Register r = register(number);
    if (value.length != r.bits() / Byte.SIZE) {
      throw PacketException.malformed();
    }
    return r.writer().edits(cpu, ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN));
  }

  /** What is to be changed for all registers to have values; those that have them are left out. */
  List<Edit> edits(Vcpu cpu, byte[] values) {
    if (values.length != bytes()) {
      throw PacketException.malformed();
    }
    List<Edit> edits = new ArrayList<>();
    int at = 0;
    for (int i = 0; i < registers.size(); i++) {
      int end = at + registers.get(i).bits() / Byte.SIZE;
      byte[] value = Arrays.copyOfRange(values, at, end);
      if (!Arrays.equals(value, read(cpu, i))) {
        edits.addAll(edits(cpu, i, value));
      }
      at = end;
    }
    return edits;
  }

  private Register register(int number) {
    if (number < 0 || number >= registers.size()) {
      throw PacketException.malformed();
    }
    return registers.get(number);
  }

  private int bytes() {
    return registers.stream().mapToInt(Register::bits).sum() / Byte.SIZE;
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
