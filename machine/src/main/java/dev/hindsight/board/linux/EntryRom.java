package dev.hindsight.board.linux;

import static dev.hindsight.x86.Register.*;
import static dev.hindsight.x86.assembler.Arguments.abs;
import static dev.hindsight.x86.assembler.Arguments.far;
import static dev.hindsight.x86.assembler.Arguments.offset;

import dev.hindsight.board.PcChipset;
import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.assembler.Assembler;
import dev.hindsight.x86.assembler.Label;

/**
 * The ROM that takes the CPU from the reset vector to the kernel's entry: flat segments under the
 * selectors that Linux expects, and for the 64-bit entry long mode with identity-mapped pages.
 */
final class EntryRom {
  private static final int BYTES = 4096;
  private static final long START = (1L << 32) - BYTES;
  private static final long RESET_SEGMENT = 0xFFFF_0000L;

  private static final int CODE_32 = 0x08;
  private static final int BOOT_CODE = 0x10;
  private static final int BOOT_DATA = 0x18;
  private static final long FLAT_CODE_32 = 0x00CF_9B00_0000_FFFFL;
  private static final long FLAT_CODE_64 = 0x00AF_9B00_0000_FFFFL;
  private static final long FLAT_DATA = 0x00CF_9300_0000_FFFFL;

  private static final int EFER = 0xC000_0080;
  private static final int EFER_LME = 1 << 8;
  private static final int CR4_PAE = 1 << 5;
  private static final int ENTRY_64 = 0x200;

  private static final int SPURIOUS = 0xF0;
  private static final int LINT0 = 0x350;
  private static final int LINT1 = 0x360;
  private static final int APIC_ENABLE = 1 << 8;
  private static final int DELIVER_EXTINT = 7 << 8;
  private static final int DELIVER_NMI = 4 << 8;

  private final Assembler a = new Assembler(CodeMode.BITS16, START);
  private final long kernel;
  private final boolean longMode;

  /** For a kernel at an address below 4 GiB, with a 32- or a 64-bit entry. */
  EntryRom(long kernel, boolean longMode) {
    this.kernel = kernel;
    this.longMode = longMode;
  }

  byte[] assemble() {
    Label start = a.label("start");
    Label flat = a.label("flat");
    Label table = a.label("table");
    Label pointer = a.label("pointer");
    a.segmentBase(RESET_SEGMENT).bind(start);
    a.cli().cld();
    a.operandSize(32).lgdt(abs(pointer).segment(CS));
    a.mov(EAX, CR0).or(AL, 1).mov(CR0, EAX);
    a.segmentBase(0).operandSize(32).jmpf(far(CODE_32, flat, 32));

    a.mode(CodeMode.BITS32).bind(flat);
    a.mov(AX, BOOT_DATA).mov(DS, AX).mov(ES, AX).mov(SS, AX).mov(FS, AX).mov(GS, AX);
    virtualWire();
    a.mov(ESI, LinuxBoot.BOOT_PARAMETERS);
    if (longMode) {
      enterLongMode();
    } else {
      a.xor(EBP, EBP).xor(EDI, EDI).xor(EBX, EBX);
      a.mov(EAX, kernel);
      a.jmpf(far(BOOT_CODE, kernel, 32));
    }

    a.align(8).bind(table);
    a.quadwords(0, FLAT_CODE_32, longMode ? FLAT_CODE_64 : FLAT_CODE_32, FLAT_DATA);
    a.bind(pointer).words(4 * 8 - 1).datum(offset(table), 4);
    a.mode(CodeMode.BITS16).org(START + BYTES - 16, 0xFF).segmentBase(RESET_SEGMENT);
    a.jmp(start);
    a.org(START + BYTES, 0xFF);
    return a.assemble();
  }

  /**
   * What firmware leaves behind: the local APIC enabled, the 8259s' output on LINT0 passed through,
   * NMI on LINT1.
   */
  private void virtualWire() {
    a.mov(abs(PcChipset.LOCAL_APIC + SPURIOUS).bytes(4), APIC_ENABLE | 0xFF);
    a.mov(abs(PcChipset.LOCAL_APIC + LINT0).bytes(4), DELIVER_EXTINT);
    a.mov(abs(PcChipset.LOCAL_APIC + LINT1).bytes(4), DELIVER_NMI);
  }

  private void enterLongMode() {
    Label entry = a.label("entry");
    a.mov(EAX, CR4).or(EAX, CR4_PAE).mov(CR4, EAX);
    a.mov(EAX, LinuxBoot.PAGE_TABLES).mov(CR3, EAX);
    a.mov(ECX, EFER).rdmsr().or(EAX, EFER_LME).wrmsr();
    a.mov(EAX, CR0).or(EAX, 1 << 31).mov(CR0, EAX);
    a.jmpf(far(BOOT_CODE, entry, 32));
    a.mode(CodeMode.BITS64).bind(entry);
    a.mov(EAX, (int) kernel + ENTRY_64).jmp(RAX);
  }
}
