package dev.hindsight.cpu.paging;

import dev.hindsight.bus.InterruptSource;
import dev.hindsight.bus.MsrBus;
import dev.hindsight.bus.PhysicalMap;
import dev.hindsight.bus.PortMap;
import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.CpuModel;
import dev.hindsight.cpu.CpuModels;
import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.memory.GuestRam;

/** A CPU with 1 MiB of RAM and a set of page tables that a test writes to. */
final class PagedCpu implements AutoCloseable {
  static final long ROOT = 0x1000;
  static final long LEVEL3 = 0x2000;
  static final long LEVEL2 = 0x3000;
  static final long LEVEL1 = 0x4000;
  static final long FRAME = 0x8000;

  private static final int RAM = 1 << 20;

  private final GuestRam ram = new GuestRam(RAM);
  final PhysicalMap physical = new PhysicalMap();
  final Vcpu cpu;

  PagedCpu(int tlbCapacity) {
    CpuModel model = CpuModels.V3;
    physical.mapRam(0, ram, 0, RAM);
    cpu =
        new Vcpu(
            0,
            model,
            physical,
            new TranslationCaches(physical, model.physicalAddressBits(), tlbCapacity),
            new PortMap(),
            MsrBus.EMPTY,
            InterruptSource.NONE);
  }

  /** Sets CR0 (with PE and PG), CR4, EFER and PKRU, and CPL and AC. */
  void control(int cr0, int cr4, int efer, int pkru, int cpl, boolean ac) {
    ControlRegisters c = cpu.control();
    c.cr0(cr0 | ControlRegisters.CR0_PE | ControlRegisters.CR0_PG);
    c.cr4(cr4);
    c.efer(efer);
    c.pkru(pkru);
    c.cr3(ROOT);
    cpu.cpl(cpl);
    cpu.flags().put(Flags.AC, ac);
    boolean longMode = (efer & ControlRegisters.EFER_LMA) != 0;
    cpu.cs().set(8, 0, 0xFFFF_FFFFL, 0x9B, longMode ? 0xA : 0xC);
    cpu.updateMode();
  }

  /** Tries an access of one byte; -1 if it succeeds, else the error code of the page fault. */
  int access(long linear, int access) {
    try {
      switch (access) {
        case Access.READ -> {
          int _ = cpu.memory().read8(linear);
        }
        case Access.WRITE -> cpu.memory().write8(linear, 0x5A);
        default -> {
          long _ = cpu.memory().translateFetch(linear);
        }
      }
      return -1;
    } catch (GuestFault f) {
      if (f.address() != linear) {
        throw new AssertionError("fault at another address: " + f, f);
      }
      return f.errorCode();
    }
  }

  @Override
  public void close() {
    ram.close();
  }
}
