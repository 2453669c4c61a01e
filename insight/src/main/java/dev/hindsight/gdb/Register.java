package dev.hindsight.gdb;

import dev.hindsight.cpu.Vcpu;
import java.nio.ByteBuffer;

/**
 * A register as debuggers see it.
 *
 * @param name its name, by which debuggers know what it is
 * @param bits its size, a multiple of 8
 * @param type how to show it: a type that debuggers know, or one that the feature defines
 * @param group which group of registers it is shown with; empty for the one that its type stands
 *     for
 * @param reader puts {@code bits / 8} bytes, the lowest first
 * @param writer the reverse
 */
record Register(String name, int bits, String type, String group, Reader reader, Writer writer) {
  /** What makes a register that cannot be written. */
  static final Writer READ_ONLY =
      (cpu, in) -> {
        throw PacketException.saying("This register cannot be written.");
      };

  /** Puts the value of a vCPU's register into a buffer. */
  @FunctionalInterface
  interface Reader {
    void read(Vcpu cpu, ByteBuffer out);
  }

  /** Takes a value for a vCPU's register from a buffer. */
  @FunctionalInterface
  interface Writer {
    void write(Vcpu cpu, ByteBuffer in);
  }

  /** The value of a register of up to 64 bits. */
  @FunctionalInterface
  interface Getter {
    long get(Vcpu cpu);
  }

  /** Writes a register of up to 64 bits. */
  @FunctionalInterface
  interface Setter {
    void set(Vcpu cpu, long value);
  }

  /** A register of 32 or 64 bits. */
  static Register number(
      String name, int bits, String type, String group, Getter getter, Setter setter) {
    return bits == 32
        ? new Register(
            name,
            bits,
            type,
            group,
            (cpu, out) -> out.putInt((int) getter.get(cpu)),
            (cpu, in) -> setter.set(cpu, in.getInt() & 0xFFFF_FFFFL))
        : new Register(
            name,
            bits,
            type,
            group,
            (cpu, out) -> out.putLong(getter.get(cpu)),
            (cpu, in) -> setter.set(cpu, in.getLong()));
  }

  /** A register of 32 or 64 bits that cannot be written. */
  static Register shown(String name, int bits, String type, String group, Getter getter) {
    Register r = number(name, bits, type, group, getter, (_, _) -> {});
    return new Register(name, bits, type, group, r.reader, READ_ONLY);
  }
}
