package dev.hindsight.gdb;

import dev.hindsight.cpu.Vcpu;
import dev.hindsight.timeline.Edit;
import dev.hindsight.timeline.VcpuRegister;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A register as debuggers see it.
 *
 * @param name its name, by which debuggers know what it is
 * @param bits its size, a multiple of 8
 * @param type how to show it: a type that debuggers know, or one that the feature defines
 * @param group which group of registers it is shown with; empty for the one that its type stands
 *     for
 * @param reader puts {@code bits / 8} bytes, the lowest first
 * @param writer what is to be changed for it to have another value
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

  /** Says what is to be changed for a vCPU's register to have the value in a buffer. */
  @FunctionalInterface
  interface Writer {
    List<Edit> edits(Vcpu cpu, ByteBuffer in);
  }

  /** The value of a register of up to 64 bits. */
  @FunctionalInterface
  interface Getter {
    long get(Vcpu cpu);
  }

  /** Says what a register of up to 64 bits becomes when a value is written to it. */
  @FunctionalInterface
  interface Setter {
    /** As it is written. */
    Setter PLAIN = (cpu, value) -> value;

    long value(Vcpu cpu, long written);
  }

  /**
   * A register of 32 or 64 bits.
   *
   * @param register what it is written to
   * @param setter what is written there
   */
  static Register number(
      String name,
      int bits,
      String type,
      String group,
      Getter getter,
      VcpuRegister register,
      Setter setter) {
    return new Register(
        name,
        bits,
        type,
        group,
        reader(bits, getter),
        (cpu, in) -> {
          long written = bits == 32 ? in.getInt() & 0xFFFF_FFFFL : in.getLong();
          return edit(cpu, register, setter.value(cpu, written));
        });
  }

  private static Reader reader(int bits, Getter getter) {
    return bits == 32
        ? (cpu, out) -> out.putInt((int) getter.get(cpu))
        : (cpu, out) -> out.putLong(getter.get(cpu));
  }

  private static List<Edit> edit(Vcpu cpu, VcpuRegister register, long value) {
    return List.of(new Edit.Register(cpu.index(), register, value));
  }

  /** A register of 32 or 64 bits that cannot be written. */
  static Register shown(String name, int bits, String type, String group, Getter getter) {
    return new Register(name, bits, type, group, reader(bits, getter), READ_ONLY);
  }
}
