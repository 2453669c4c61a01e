package dev.hindsight.board.firmware;

import static dev.hindsight.x86.Register.*;
import static dev.hindsight.x86.assembler.Arguments.abs;
import static dev.hindsight.x86.assembler.Arguments.far;
import static dev.hindsight.x86.assembler.Arguments.offset;

import dev.hindsight.board.Image;
import dev.hindsight.board.PcAddresses;
import dev.hindsight.board.acpi.AcpiTables;
import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.assembler.Assembler;
import dev.hindsight.x86.assembler.Label;

/**
 * The ROM below 4 GiB: from the reset vector to a kernel.
 *
 * <p>On the way it does what firmware does: memory types and caches on every processor (see {@code
 * MemoryTypeSetup}), the local APIC of the bootstrap processor in virtual wire mode, addresses and
 * interrupts of PCI functions (see {@code PciSetup}), the I/O APIC's ID, and ACPI mode on. It uses
 * the page at 8000h for the time that the other processors need; these end halted, and wait to be
 * started.
 */
public final class ResetRom {
  /** Selector of the flat code segment that kernels are entered with. */
  public static final int KERNEL_CODE = 0x10;

  /** Selector of the flat data segment in all data segment registers. */
  public static final int KERNEL_DATA = 0x18;

  private static final int BYTES = 4096;
  private static final long START = (1L << 32) - BYTES;
  private static final long RESET_SEGMENT = 0xFFFF_0000L;

  private static final int CODE_32 = 0x08;
  private static final long FLAT_CODE_32 = 0x00CF_9B00_0000_FFFFL;
  private static final long FLAT_CODE_64 = 0x00AF_9B00_0000_FFFFL;
  private static final long FLAT_DATA = 0x00CF_9300_0000_FFFFL;

  private static final int SPURIOUS = 0xF0;
  private static final int COMMAND = 0x300;
  private static final int LINT0 = 0x350;
  private static final int LINT1 = 0x360;
  private static final int APIC_ENABLE = 1 << 8;
  private static final int DELIVER_EXTINT = 7 << 8;
  private static final int DELIVER_NMI = 4 << 8;
  private static final int INIT_ALL_OTHERS = 0xC_4500;
  private static final int START_ALL_OTHERS = 0xC_4600;

  private static final int IO_APIC_ID = 0;
  private static final int IO_APIC_DATA = 0x10;

  private static final int ACPI_ENABLED = 1;

  private static final long PROCESSOR_PAGE = 0x8000;
  private static final long PROCESSORS_READY = PROCESSOR_PAGE + 0xFF0;

  private final Assembler a = new Assembler(CodeMode.BITS16, START);
  private final int vcpus;
  private final Handover handover;

  private ResetRom(int vcpus, Handover handover) {
    this.vcpus = vcpus;
    this.handover = handover;
  }

  /**
   * The ROM of a machine.
   *
   * @param vcpus its number of CPUs: the ROM waits until it has seen the others
   * @param handover how the kernel is entered
   */
  public static Image image(int vcpus, Handover handover) {
    if (vcpus < 1) {
      throw new IllegalArgumentException("a machine has a CPU");
    }
    return Image.rom("entry", START, new ResetRom(vcpus, handover).assemble());
  }

  private byte[] assemble() {
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
    a.mov(AX, KERNEL_DATA).mov(DS, AX).mov(ES, AX).mov(SS, AX).mov(FS, AX).mov(GS, AX);
    MemoryTypeSetup.write(a);
    virtualWire();
    a.mov(DX, PcAddresses.PM1_CONTROL).mov(AX, ACPI_ENABLED).out(DX, AX);
    ioApic();
    PciSetup.write(a);
    if (vcpus > 1) {
      otherProcessors();
    }
    handover.enter(a);

    a.align(8).bind(table);
    a.quadwords(0, FLAT_CODE_32, handover.longMode() ? FLAT_CODE_64 : FLAT_CODE_32, FLAT_DATA);
    a.bind(pointer).words(4 * 8 - 1).datum(offset(table), 4);
    a.mode(CodeMode.BITS16).org(START + BYTES - 16, 0xFF).segmentBase(RESET_SEGMENT);
    a.jmp(start);
    a.org(START + BYTES, 0xFF);
    return a.assemble();
  }

  /** The local APIC enabled, the 8259s' output on LINT0 passed through, NMI on LINT1. */
  private void virtualWire() {
    a.mov(abs(PcAddresses.LOCAL_APIC + SPURIOUS).bytes(4), APIC_ENABLE | 0xFF);
    a.mov(abs(PcAddresses.LOCAL_APIC + LINT0).bytes(4), DELIVER_EXTINT);
    a.mov(abs(PcAddresses.LOCAL_APIC + LINT1).bytes(4), DELIVER_NMI);
  }

  /** The I/O APIC gets the ID that the ACPI tables say it has. */
  private void ioApic() {
    a.mov(abs(PcAddresses.IO_APIC).bytes(4), IO_APIC_ID);
    a.mov(abs(PcAddresses.IO_APIC + IO_APIC_DATA).bytes(4), AcpiTables.ioApicId(vcpus) << 24);
  }

  /** Starts all others, and waits until each of them has set itself up and halts. */
  private void otherProcessors() {
    Label code = a.label("processor");
    Label codeEnd = a.label("processorEnd");
    Label halted = a.label("processorHalted");
    Label wait = a.label("waitForProcessors");
    Label ready = a.label("processorsReady");
    a.mov(ESI, offset(code)).mov(EDI, PROCESSOR_PAGE).mov(ECX, offset(codeEnd));
    a.sub(ECX, ESI).rep().movs(1);
    a.mov(abs(PROCESSORS_READY).bytes(4), 0);
    a.mov(abs(PcAddresses.LOCAL_APIC + COMMAND).bytes(4), INIT_ALL_OTHERS);
    int vector = (int) (PROCESSOR_PAGE >> 12);
    a.mov(abs(PcAddresses.LOCAL_APIC + COMMAND).bytes(4), START_ALL_OTHERS | vector);
    a.bind(wait).pause().cmp(abs(PROCESSORS_READY).bytes(4), vcpus - 1).jne(wait);
    a.jmp(ready);

    a.mode(CodeMode.BITS16).bind(code);
    a.cli();
    MemoryTypeSetup.write(a);
    a.xor(AX, AX).mov(DS, AX);
    a.lock().inc(abs(PROCESSORS_READY).bytes(4));
    a.bind(halted).hlt().jmp(halted);
    a.mode(CodeMode.BITS32).bind(codeEnd).bind(ready);
  }
}
