package dev.hindsight.cpu.protection;

import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.SegmentRegister;
import dev.hindsight.cpu.Vcpu;

/** Whether IN, OUT, INS and OUTS may touch a port (SDM volume 1, section 19.5). */
public final class IoPermission {
  /** Offset in the TSS of the I/O map base address. */
  static final int MAP_BASE = 102;

  private IoPermission() {}

  /**
   * Returns if the access is allowed, else #GP(0). It is in real mode, and in protected mode at CPL
   * up to IOPL; otherwise, and always in virtual-8086 mode, the I/O permission bitmap decides.
   *
   * @param port 0 to 0xFFFF
   * @param bytes 1, 2 or 4
   */
  public static void check(Vcpu cpu, int port, int bytes) {
    if (!cpu.isProtected() || (!cpu.isVirtual8086() && cpu.cpl() <= cpu.flags().iopl())) {
      return;
    }
    SegmentRegister tr = cpu.tr();
    boolean has16BitTss = (tr.type() & ~Descriptor.BUSY) == Descriptor.TSS16_AVAILABLE;
    if (!tr.usable() || has16BitTss || tr.limit() < MAP_BASE + 1) {
      throw GuestFault.generalProtection(0);
    }
    long base = cpu.memory().readSystem(DescriptorTables.wrap(cpu, tr.base() + MAP_BASE), 2);
    long offset = base + (port >>> 3);
    // Two bytes are always read, hence the bitmap's trailing byte of ones.
    if (offset + 1 > tr.limit()) {
      throw GuestFault.generalProtection(0);
    }
    long bits = cpu.memory().readSystem(DescriptorTables.wrap(cpu, tr.base() + offset), 2);
    if ((bits >>> (port & 7) & ((1 << bytes) - 1)) != 0) {
      throw GuestFault.generalProtection(0);
    }
  }
}
