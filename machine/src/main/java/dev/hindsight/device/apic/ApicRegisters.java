package dev.hindsight.device.apic;

/** The register space that both interfaces share, by register number (memory offset / 16). */
final class ApicRegisters {
  static final int ID = 0x02;
  static final int VERSION = 0x03;
  static final int TPR = 0x08;
  static final int APR = 0x09;
  static final int PPR = 0x0A;
  static final int EOI = 0x0B;
  static final int RRD = 0x0C;
  static final int LDR = 0x0D;
  static final int DFR = 0x0E;
  static final int SVR = 0x0F;
  static final int ISR = 0x10;
  static final int IRR_END = 0x28;
  static final int ESR = 0x28;
  static final int ICR_LOW = 0x30;
  static final int ICR_HIGH = 0x31;
  static final int LVT = 0x32;
  static final int LVT_END = LVT + LocalVectorTable.ENTRIES;
  static final int INITIAL_COUNT = 0x38;
  static final int CURRENT_COUNT = 0x39;
  static final int DIVIDE = 0x3E;
  static final int SELF_IPI = 0x3F;

  /** Integrated APIC, six LVT entries. */
  private static final int VERSION_VALUE = 0x14 | (LocalVectorTable.ENTRIES - 1) << 16;

  private ApicRegisters() {}

  /** Whether there is a register that both interfaces can read. */
  static boolean isReadable(int n) {
    return n == ID
        || n == VERSION
        || n == TPR
        || n == PPR
        || n == LDR
        || (n >= SVR && n <= ESR)
        || n == ICR_LOW
        || (n >= LVT && n < LVT_END)
        || n == INITIAL_COUNT
        || n == CURRENT_COUNT
        || n == DIVIDE;
  }

  /** Whether there is a register that both interfaces can write. */
  static boolean isWritable(int n) {
    return n == TPR
        || n == EOI
        || n == SVR
        || n == ESR
        || (n >= LVT && n < LVT_END)
        || n == INITIAL_COUNT
        || n == DIVIDE;
  }

  /** Reads a register; none has side effects. */
  static int read(LocalApic apic, int n) {
    if (n >= ISR && n < IRR_END) {
      return apic.vectors((n - ISR) >>> 3, n & 7);
    }
    if (n >= LVT && n < LVT_END) {
      return apic.lvt(n - LVT);
    }
    return switch (n) {
      case ID -> apic.id();
      case VERSION -> VERSION_VALUE;
      case TPR -> apic.tpr();
      case PPR -> apic.ppr();
      case LDR -> apic.ldr();
      case DFR -> apic.dfr();
      case SVR -> apic.svr();
      case ESR -> apic.esr();
      case ICR_LOW -> (int) apic.icr();
      case ICR_HIGH -> (int) (apic.icr() >>> 32);
      case INITIAL_COUNT -> apic.timer().initialCount();
      case CURRENT_COUNT -> apic.timer().currentCount();
      case DIVIDE -> apic.timer().divide();
      default -> 0;
    };
  }

  /** Writes a register that {@link #isWritable}. */
  static void write(LocalApic apic, int n, int value) {
    if (n >= LVT && n < LVT_END) {
      apic.lvt(n - LVT, value);
      return;
    }
    switch (n) {
      case TPR -> apic.tpr(value);
      case EOI -> apic.endOfInterrupt();
      case SVR -> apic.svr(value);
      case ESR -> apic.latchErrors();
      case INITIAL_COUNT -> apic.timer().initialCount(value);
      case DIVIDE -> apic.timer().divide(value);
      default -> {
        // read-only
      }
    }
  }
}
