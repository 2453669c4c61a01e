package dev.hindsight.board.firmware;

import static dev.hindsight.x86.Register.*;

import dev.hindsight.x86.assembler.Assembler;
import dev.hindsight.x86.assembler.Label;

/**
 * Memory type ranges and caches, the same on every processor, or else Linux says that they are
 * inconsistent (SDM volume 3, 12.11): all memory is write-back, but for A0000h to BFFFFh, where
 * graphics cards are, and the last GiB below 4 GiB, where chips are.
 */
final class MemoryTypeSetup {
  private static final int CPUID_MTRR = 1 << 12;
  private static final int ADDRESS_SIZES = 0x8000_0008;

  private static final int PHYSBASE0 = 0x200;
  private static final int PHYSMASK0 = 0x201;
  private static final int FIX64K_00000 = 0x250;
  private static final int FIX16K_80000 = 0x258;
  private static final int FIX16K_A0000 = 0x259;
  private static final int FIX4K_C0000 = 0x268;
  private static final int FIX4K_REGISTERS = 8;
  private static final int DEF_TYPE = 0x2FF;

  private static final int UNCACHEABLE = 0;
  private static final int WRITE_BACK = 6;
  private static final int FOUR_TIMES = 0x0101_0101;
  private static final int HOLE = 0xC000_0000;
  private static final int VALID = 1 << 11;
  private static final int ENABLED = 1 << 11;
  private static final int FIXED_ENABLED = 1 << 10;
  private static final int CACHE_ON = ~(3 << 29);

  /** Bits 35 to 32, of processors that do not tell how many they have. */
  private static final int HIGH_BITS_OF_36 = 0xF;

  private MemoryTypeSetup() {}

  /** Writes code of 16 or 32 bits that changes EAX to EDX and ESI, and needs no stack. */
  static void write(Assembler a) {
    Label none = a.label("noMemoryTypes");
    Label known = a.label("addressBitsKnown");
    a.mov(EAX, 1).cpuid().test(EDX, CPUID_MTRR).je(none);
    a.mov(ESI, HIGH_BITS_OF_36).mov(EAX, 0x8000_0000L).cpuid();
    a.cmp(EAX, ADDRESS_SIZES).jb(known);
    a.mov(EAX, ADDRESS_SIZES).cpuid().mov(CL, AL).sub(CL, 32);
    a.mov(ESI, 1).shl(ESI, CL).dec(ESI);
    a.bind(known);
    a.mov(EAX, WRITE_BACK * FOUR_TIMES).mov(EDX, EAX);
    set(a, FIX64K_00000);
    set(a, FIX16K_80000);
    for (int i = 0; i < FIX4K_REGISTERS; i++) {
      set(a, FIX4K_C0000 + i);
    }
    a.mov(EAX, UNCACHEABLE * FOUR_TIMES).mov(EDX, EAX);
    set(a, FIX16K_A0000);
    a.mov(EAX, HOLE | UNCACHEABLE);
    set(a, PHYSBASE0);
    a.mov(EAX, HOLE | VALID).mov(EDX, ESI);
    set(a, PHYSMASK0);
    a.mov(EAX, ENABLED | FIXED_ENABLED | WRITE_BACK).xor(EDX, EDX);
    set(a, DEF_TYPE);
    a.bind(none);
    a.mov(EAX, CR0).and(EAX, CACHE_ON).mov(CR0, EAX);
  }

  /** Writes EDX:EAX to a register. */
  private static void set(Assembler a, int register) {
    a.mov(ECX, register).wrmsr();
  }
}
