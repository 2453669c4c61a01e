package dev.hindsight.translator;

import dev.hindsight.cpu.VcpuState;
import java.util.List;

/**
 * Code, the state it starts from, and what happens to it from outside.
 *
 * @param number by which it can be had again
 * @param mode 64 or 32: the kind of code segment
 * @param cpl 3 or 0
 * @param code bytes of the instructions
 * @param starts where they begin, in bytes from the first
 * @param offset where the first lies in the first code page
 * @param registers of each vCPU
 * @param segments FS and GS in code that is not 64-bit code; none if they are like the others
 * @param dataEntries page table entries of the data pages
 * @param codeEntries page table entries of the code pages
 * @param cr0 bits of CR0 that differ from the usual
 * @param cr4 bits of CR4 that differ from the usual
 * @param xcr0 the extended control register
 * @param script from what slices and events are drawn
 * @param ticks how long it runs
 */
record FuzzCase(
    long number,
    int mode,
    int cpl,
    byte[] code,
    int[] starts,
    int offset,
    Registers[] registers,
    List<Segment> segments,
    long[] dataEntries,
    long[] codeEntries,
    int cr0,
    int cr4,
    int xcr0,
    long script,
    int ticks) {

  /** A segment register, in the terms of {@link dev.hindsight.cpu.SegmentRegister}. */
  record Segment(int selector, long base, long limit, int access, int flags) {}

  /** Registers of a vCPU; {@code vectors} has four longs for each. */
  record Registers(
      long[] general,
      int flags,
      long[] vectors,
      int mxcsr,
      VcpuState.X87 x87,
      long fsBase,
      long gsBase) {}

  /** Linear address of an instruction. */
  long address(int instruction) {
    return FuzzMachine.CODE_BASE + offset + starts[instruction];
  }

  /** The same with other code. */
  FuzzCase with(byte[] otherCode) {
    return new FuzzCase(
        number,
        mode,
        cpl,
        otherCode,
        starts,
        offset,
        registers,
        segments,
        dataEntries,
        codeEntries,
        cr0,
        cr4,
        xcr0,
        script,
        ticks);
  }
}
