package dev.hindsight.bench.interpreter;

import dev.hindsight.bus.InterruptSource;
import dev.hindsight.bus.MsrBus;
import dev.hindsight.bus.PhysicalMap;
import dev.hindsight.bus.PortMap;
import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.CpuModel;
import dev.hindsight.cpu.CpuModels;
import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.ModelSpecificRegisters;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.paging.TranslationCaches;
import dev.hindsight.memory.GuestRam;

/**
 * A vCPU about to execute a {@link GuestProgram} at privilege level 3, with paging on and all of
 * the program in pages of 4 KiB. System calls reach the program's own little kernel: by SYSCALL in
 * 64-bit mode, through gate 80h of the IDT and a TSS in protected mode.
 */
final class GuestMachine {
  static final CpuModel MODEL = CpuModels.V2;

  private static final long RAM = 16 << 20;
  private static final long GDT = 0x1000;
  private static final long IDT = 0x2000;
  private static final long TSS = 0x3000;
  private static final long KERNEL_STACK = 0x8000;
  private static final long TABLES = 0x1_0000;
  private static final long USER_STACK = 0xFF_F000;

  private static final int KERNEL_CODE = 0x08;
  private static final int KERNEL_DATA = 0x10;
  private static final int USER_DATA = 0x1B;
  private static final int USER_CODE = 0x23;
  private static final int TASK = 0x28;

  private static final int PRESENT_WRITABLE_USER = 7;
  private static final int PAGE = 4096;

  private final GuestRam ram = new GuestRam(RAM);
  private final PhysicalMap memory = new PhysicalMap();
  private final Vcpu cpu;
  private final int bits;

  GuestMachine(GuestProgram program) {
    bits = program.bits();
    memory.mapRam(0, ram, 0, RAM);
    cpu =
        new Vcpu(
            0,
            MODEL,
            memory,
            new TranslationCaches(memory, MODEL.physicalAddressBits()),
            new PortMap(),
            MsrBus.EMPTY,
            InterruptSource.NONE);
    program.load(ram::write);
    ControlRegisters control = cpu.control();
    int cr4 = ControlRegisters.CR4_OSFXSR | ControlRegisters.CR4_OSXMMEXCPT;
    if (bits == 64) {
      longModeTables();
      control.cr4(cr4 | ControlRegisters.CR4_PAE);
      control.efer(
          ControlRegisters.EFER_SCE | ControlRegisters.EFER_LME | ControlRegisters.EFER_LMA);
      cpu.msrs().set(ModelSpecificRegisters.LSTAR, GuestProgram.KERNEL);
      cpu.msrs()
          .set(
              ModelSpecificRegisters.STAR,
              (long) (KERNEL_DATA + 3) << 48 | (long) KERNEL_CODE << 32);
    } else {
      protectedModeTables();
      control.cr4(cr4);
    }
    control.cr0(
        ControlRegisters.CR0_PE
            | ControlRegisters.CR0_ET
            | ControlRegisters.CR0_NE
            | ControlRegisters.CR0_WP
            | ControlRegisters.CR0_PG);
    control.cr3(TABLES);
    descriptors();
    cpu.cs().set(USER_CODE, 0, 0xFFFF_FFFFL, 0xFB, bits == 64 ? 0xA : 0xC);
    for (int s : new int[] {0, 2, 3}) {
      cpu.segment(s).set(USER_DATA, 0, 0xFFFF_FFFFL, 0xF3, 0xC);
    }
    cpu.cpl(3);
    cpu.general().set64(GeneralRegisters.RSP, USER_STACK);
    cpu.rip(program.entry());
    cpu.updateMode();
  }

  Vcpu cpu() {
    return cpu;
  }

  PhysicalMap memory() {
    return memory;
  }

  /** The checksum, once the program has halted. */
  int checksum() {
    GeneralRegisters r = cpu.general();
    return r.get32(bits == 64 ? GeneralRegisters.RSI : GeneralRegisters.RCX);
  }

  private void longModeTables() {
    long directory = TABLES + 2 * PAGE;
    put(TABLES, 8, TABLES + PAGE + PRESENT_WRITABLE_USER);
    put(TABLES + PAGE, 8, directory + PRESENT_WRITABLE_USER);
    for (long i = 0; i < RAM / PAGE; i++) {
      long table = directory + PAGE * (1 + i / 512);
      put(directory + i / 512 * 8, 8, table + PRESENT_WRITABLE_USER);
      put(table + i % 512 * 8, 8, i * PAGE + PRESENT_WRITABLE_USER);
    }
  }

  private void protectedModeTables() {
    for (long i = 0; i < RAM / PAGE; i++) {
      long table = TABLES + PAGE * (1 + i / 1024);
      put(TABLES + i / 1024 * 4, 4, table + PRESENT_WRITABLE_USER);
      put(table + i % 1024 * 4, 4, i * PAGE + PRESENT_WRITABLE_USER);
    }
  }

  private void descriptors() {
    put(GDT + KERNEL_CODE, 8, 0x00CF_9B00_0000_FFFFL);
    put(GDT + KERNEL_DATA, 8, 0x00CF_9300_0000_FFFFL);
    put(GDT + (USER_DATA & ~3), 8, 0x00CF_F300_0000_FFFFL);
    put(GDT + (USER_CODE & ~3), 8, 0x00CF_FB00_0000_FFFFL);
    cpu.gdtr().set(GDT, TASK + 7);
    put(TSS + 4, 4, KERNEL_STACK);
    put(TSS + 8, 4, KERNEL_DATA);
    cpu.tr().set(TASK, TSS, 0x67, 0x8B, 0);
    long handler = GuestProgram.KERNEL;
    put(
        IDT + 0x80 * 8,
        8,
        handler >>> 16 << 48 | 0xEF00L << 32 | KERNEL_CODE << 16 | handler & 0xFFFF);
    cpu.idtr().set(IDT, 0x80 * 8 + 7);
  }

  private void put(long address, int bytes, long value) {
    memory.write(address, bytes, value);
  }
}
