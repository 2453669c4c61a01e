package dev.hindsight.cpu.instructions.system;

import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.LinearMemory;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.X87Registers;
import dev.hindsight.cpu.instructions.x87.PendingError;
import dev.hindsight.x86.MemoryOperand;

/**
 * The memory that FXSAVE and the XSAVE family work on: bounds and alignment, and the layout of the
 * components (SDM volume 1, sections 10.5.1 and 13.4).
 */
final class StateArea {
  static final int FXSAVE_BYTES = 512;
  static final int MXCSR_RESERVED = 0xFFFF_0000;

  /** MXCSR_MASK: which bits of MXCSR can be set. */
  private static final long MXCSR_MASK = 0xFFFF;

  private static final int MXCSR = 24;
  private static final int REGISTERS = 32;
  private static final int XMM = 160;

  private final Vcpu cpu;
  private final LinearMemory memory;
  private final long start;
  private final long mask;

  /**
   * @throws GuestFault #GP(0) if the operand is not aligned
   */
  private StateArea(Vcpu cpu, long linear, int alignment) {
    if ((linear & (alignment - 1)) != 0) {
      throw GuestFault.generalProtection(0);
    }
    this.cpu = cpu;
    this.memory = cpu.memory();
    this.start = linear;
    this.mask = cpu.is64Bit() ? -1 : 0xFFFF_FFFFL;
  }

  /** An area of which every byte can be read; faults otherwise. */
  static StateArea readable(Vcpu cpu, MemoryOperand m, int alignment, int bytes) {
    StateArea area = new StateArea(cpu, cpu.segmented().readable(m, bytes), alignment);
    area.memory.probeRead(area.start, 1);
    area.memory.probeRead(area.at(bytes - 1), 1);
    return area;
  }

  /** An area of which every byte can be written; faults otherwise. */
  static StateArea writable(Vcpu cpu, MemoryOperand m, int alignment, int bytes) {
    StateArea area = new StateArea(cpu, cpu.segmented().writable(m, bytes), alignment);
    area.memory.probeWrite(area.start, 1);
    area.memory.probeWrite(area.at(bytes - 1), 1);
    return area;
  }

  private long at(int offset) {
    return (start + offset) & mask;
  }

  long get64(int offset) {
    return memory.read64(at(offset));
  }

  int get32(int offset) {
    return memory.read32(at(offset));
  }

  int get16(int offset) {
    return memory.read16(at(offset));
  }

  void put64(int offset, long value) {
    memory.write64(at(offset), value);
  }

  void put32(int offset, int value) {
    memory.write32(at(offset), value);
  }

  void put16(int offset, int value) {
    memory.write16(at(offset), value);
  }

  // ---- components

  private int vectorRegisters() {
    return cpu.is64Bit() ? 16 : 8;
  }

  /**
   * Saves the x87 state.
   *
   * @param wide whether the pointers have 64 bits (REX.W), else 32 and a selector
   */
  void saveX87(boolean wide) {
    X87Registers x = cpu.x87();
    put16(0, x.control());
    put16(2, x.status());
    put16(4, ~x.emptyMask() & 0xFF);
    put16(6, x.opcode());
    if (wide) {
      put64(8, x.instructionPointer());
      put64(16, x.dataPointer());
    } else {
      put64(8, pointer(x.instructionPointer(), x.instructionSelector()));
      put64(16, pointer(x.dataPointer(), x.dataSelector()));
    }
    for (int i = 0; i < 8; i++) {
      int n = (x.top() + i) & 7;
      put64(REGISTERS + 16 * i, x.significand(n));
      put64(REGISTERS + 16 * i + 8, x.signExponent(n));
    }
  }

  private static long pointer(long offset, int selector) {
    return (offset & 0xFFFF_FFFFL) | ((long) selector << 32);
  }

  /** The reverse of {@link #saveX87}. */
  void restoreX87(boolean wide) {
    X87Registers x = cpu.x87();
    x.control((get16(0) & 0x1F3F) | 0x40);
    x.status(get16(2));
    x.emptyMask(~get16(4) & 0xFF);
    int opcode = get16(6) & 0x7FF;
    if (wide) {
      x.lastInstruction(get64(8), 0, opcode);
      x.lastData(get64(16), 0);
    } else {
      x.lastInstruction(get32(8) & 0xFFFF_FFFFL, get16(12), opcode);
      x.lastData(get32(16) & 0xFFFF_FFFFL, get16(20));
    }
    for (int i = 0; i < 8; i++) {
      x.set((x.top() + i) & 7, get16(REGISTERS + 16 * i + 8), get64(REGISTERS + 16 * i));
    }
    PendingError.update(cpu);
  }

  void saveMxcsr() {
    put64(MXCSR, (cpu.vectors().mxcsr() & 0xFFFF_FFFFL) | (MXCSR_MASK << 32));
  }

  /** MXCSR of the image; #GP(0) if it has a reserved bit set. */
  int checkedMxcsr() {
    int value = get32(MXCSR);
    if ((value & MXCSR_RESERVED) != 0) {
      throw GuestFault.generalProtection(0);
    }
    return value;
  }

  void saveXmm() {
    for (int n = 0; n < vectorRegisters(); n++) {
      put64(XMM + 16 * n, cpu.vectors().get(n, 0));
      put64(XMM + 16 * n + 8, cpu.vectors().get(n, 1));
    }
  }

  void restoreXmm() {
    for (int n = 0; n < vectorRegisters(); n++) {
      cpu.vectors().setXmm(n, get64(XMM + 16 * n), get64(XMM + 16 * n + 8));
    }
  }

  void saveUpperHalves() {
    for (int n = 0; n < vectorRegisters(); n++) {
      put64(ExtendedState.EXTENDED + 16 * n, cpu.vectors().get(n, 2));
      put64(ExtendedState.EXTENDED + 16 * n + 8, cpu.vectors().get(n, 3));
    }
  }

  void restoreUpperHalves() {
    for (int n = 0; n < vectorRegisters(); n++) {
      cpu.vectors().set(n, 2, get64(ExtendedState.EXTENDED + 16 * n));
      cpu.vectors().set(n, 3, get64(ExtendedState.EXTENDED + 16 * n + 8));
    }
  }
}
