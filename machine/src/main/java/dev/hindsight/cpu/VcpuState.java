package dev.hindsight.cpu;

import dev.hindsight.bus.state.Schema;
import dev.hindsight.cpu.pmu.PmuState;
import java.util.List;

/**
 * All of a vCPU's state. What it derives from this (mode, TLB context, decoded code) is not here.
 *
 * @param general RAX to R15
 * @param rip instruction pointer
 * @param flags RFLAGS
 * @param segments ES, CS, SS, DS, FS, GS, LDTR and TR
 * @param gdtr GDTR
 * @param idtr IDTR
 * @param control CR0, CR2, CR3, CR4, EFER, XCR0, PKRU and the four PDPTE registers
 * @param debug DR0 to DR3, DR6, DR7 and the bits of the trap that waits
 * @param vectors YMM0 to YMM15, four quadwords each from the lowest
 * @param msrs as {@link ModelSpecificRegisters#save}
 * @param pmu performance counters
 * @param events as {@link Events#save}
 * @param tick its tick
 * @param steps steps since power-on
 * @param randomCounter random numbers drawn
 * @param monitoredLine as {@link AddressMonitor#save}
 */
@Schema(version = 2)
public record VcpuState(
    long[] general,
    long rip,
    int flags,
    int cpl,
    List<Segment> segments,
    Table gdtr,
    Table idtr,
    long[] control,
    long[] debug,
    long[] vectors,
    int mxcsr,
    X87 x87,
    long[] msrs,
    PmuState pmu,
    int events,
    Activity activity,
    long tick,
    long steps,
    long randomCounter,
    long monitoredLine) {

  /** A segment register with its hidden part. */
  public record Segment(int selector, long base, long limit, int access, int flags) {
    static Segment of(SegmentRegister s) {
      return new Segment(s.selector(), s.base(), s.limit(), s.access(), s.flags());
    }

    void into(SegmentRegister s) {
      s.set(selector, base, limit, access, flags);
    }
  }

  /** GDTR or IDTR. */
  public record Table(long base, int limit) {
    static Table of(DescriptorTableRegister t) {
      return new Table(t.base(), t.limit());
    }
  }

  /** The x87 unit; registers are physical. */
  public record X87(
      long[] significands,
      int[] signExponents,
      int control,
      int status,
      int emptyMask,
      long instructionPointer,
      int instructionSelector,
      long dataPointer,
      int dataSelector,
      int opcode) {}
}
