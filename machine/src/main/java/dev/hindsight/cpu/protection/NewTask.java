package dev.hindsight.cpu.protection;

import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.SegmentRegister;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.Vector;
import dev.hindsight.cpu.instructions.system.ControlRegisterRules;
import org.jspecify.annotations.Nullable;

/**
 * The state of the task that is being switched to. First all of it is read from the TSS, then the
 * registers are loaded, and then the segment descriptors are fetched and checked in the order of
 * SDM volume 3, table "Exception Conditions Checked During a Task Switch"; a fault there happens in
 * the new task, with the segments not yet loaded unusable.
 */
final class NewTask {
  private static final int CS = 1;
  private static final int SS = 2;
  private static final int[] DATA_SEGMENTS = {3, 0, 4, 5};

  private final Vcpu cpu;
  private final boolean narrow;
  private final int cr3;
  private final long ip;
  private final int flags;
  private final long[] general = new long[8];
  private final int[] selectors = new int[6];
  private final int ldt;
  private final boolean trap;

  private NewTask(Vcpu cpu, TaskSegment tss) {
    this.cpu = cpu;
    narrow = tss.narrow();
    cr3 = narrow ? 0 : tss.cr3();
    ip = tss.ip();
    flags = tss.flags();
    for (int i = 0; i < 8; i++) {
      general[i] = tss.general(i);
    }
    for (int i = 0; i < tss.segments(); i++) {
      selectors[i] = tss.segment(i);
    }
    ldt = tss.ldt();
    trap = tss.trap();
  }

  /** Reads a TSS. */
  static NewTask read(Vcpu cpu, TaskSegment tss) {
    return new NewTask(cpu, tss);
  }

  /** Whether the task asks for a debug exception when it is entered. */
  boolean trap() {
    return trap;
  }

  /**
   * Loads EIP, EFLAGS, the general registers and all selectors, and makes the segments unusable.
   *
   * @param nested whether NT is to be set
   */
  void install(boolean nested) {
    cpu.rip(ip);
    cpu.flags().set(nested ? flags | Flags.NT : flags);
    for (int i = 0; i < 8; i++) {
      // The upper halves after a load from a 16-bit TSS are undefined; they are cleared here.
      cpu.general().set32(i, (int) general[i]);
    }
    for (int i = 0; i < 6; i++) {
      cpu.segment(i).set(selectors[i], 0, 0, 0, 0);
    }
    cpu.ldtr().set(ldt, 0, 0, 0, 0);
    cpu.cpl(cpu.isVirtual8086() ? 3 : Selector.rpl(selectors[CS]));
    cpu.updateMode();
  }

  /** Loads CR3, then fetches and checks what the selectors name. */
  void loadSegments(int ext) {
    if (!narrow && cpu.control().cr0Has(ControlRegisters.CR0_PG)) {
      ControlRegisterRules.writeCr3(cpu, cr3 & 0xFFFF_FFFFL);
    }
    loadLdt(ext);
    if (cpu.isVirtual8086()) {
      for (int i = 0; i < 6; i++) {
        SegmentLoader.loadAs8086(cpu, i, selectors[i]);
      }
    } else {
      loadCodeAndStack(ext);
      for (int segment : DATA_SEGMENTS) {
        loadData(segment, ext);
      }
    }
    cpu.updateMode();
  }

  private void loadLdt(int ext) {
    if (Selector.isNull(ldt)) {
      return;
    }
    GuestFault bad = GuestFault.of(Vector.TS, Selector.errorCode(ldt, ext));
    if (Selector.isLocal(ldt)) {
      throw bad;
    }
    Descriptor d = DescriptorTables.read(cpu, DescriptorTables.require(cpu, ldt, Vector.TS, ext));
    if (!d.isSystem(Descriptor.LDT) || !d.isPresent()) {
      throw bad;
    }
    d.loadInto(cpu.ldtr(), ldt, d.access());
  }

  private void loadCodeAndStack(int ext) {
    int cs = selectors[CS];
    int cpl = cpu.cpl();
    GuestFault badCode = GuestFault.of(Vector.TS, Selector.errorCode(cs, ext));
    long codeAddress = DescriptorTables.address(cpu, cs, 8);
    Descriptor code = readCode(cs, codeAddress);
    if (code != null && (code.isConforming() ? code.dpl() > cpl : code.dpl() != cpl)) {
      throw badCode;
    }
    int ss = selectors[SS];
    int stackCode = Selector.errorCode(ss, ext);
    GuestFault badStack = GuestFault.of(Vector.TS, stackCode);
    long stackAddress = DescriptorTables.require(cpu, ss, Vector.TS, ext);
    Descriptor stack = DescriptorTables.read(cpu, stackAddress);
    if (Selector.isNull(ss) || !stack.isWritableData()) {
      throw badStack;
    }
    if (!stack.isPresent()) {
      throw GuestFault.of(Vector.SS, stackCode);
    }
    if (stack.dpl() != cpl) {
      throw badStack;
    }
    if (code == null) {
      throw badCode;
    }
    if (!code.isPresent()) {
      throw GuestFault.of(Vector.NP, Selector.errorCode(cs, ext));
    }
    load(CS, codeAddress, code);
    if (Selector.rpl(ss) != cpl) {
      throw badStack;
    }
    load(SS, stackAddress, stack);
  }

  private @Nullable Descriptor readCode(int selector, long address) {
    if (Selector.isNull(selector) || address == DescriptorTables.OUTSIDE) {
      return null;
    }
    Descriptor d = DescriptorTables.read(cpu, address);
    return d.isCode() ? d : null;
  }

  private void loadData(int segment, int ext) {
    int selector = selectors[segment];
    if (Selector.isNull(selector)) {
      return;
    }
    int code = Selector.errorCode(selector, ext);
    long address = DescriptorTables.require(cpu, selector, Vector.TS, ext);
    Descriptor d = DescriptorTables.read(cpu, address);
    if (!d.isReadable()) {
      throw GuestFault.of(Vector.TS, code);
    }
    if (!d.isPresent()) {
      throw GuestFault.of(Vector.NP, code);
    }
    if (!SegmentLoader.privilegeAllowsData(d, cpu.cpl(), Selector.rpl(selector))) {
      throw GuestFault.of(Vector.TS, code);
    }
    load(segment, address, d);
  }

  private void load(int segment, long address, Descriptor d) {
    DescriptorTables.markAccessed(cpu, address, d);
    d.loadInto(cpu.segment(segment), selectors[segment], d.access() | SegmentRegister.ACCESSED);
  }
}
