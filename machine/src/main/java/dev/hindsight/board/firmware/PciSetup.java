package dev.hindsight.board.firmware;

import static dev.hindsight.x86.Register.*;
import static dev.hindsight.x86.assembler.Arguments.ptr;

import dev.hindsight.board.PcAddresses;
import dev.hindsight.x86.Register;
import dev.hindsight.x86.assembler.Assembler;
import dev.hindsight.x86.assembler.Label;
import java.util.List;

/**
 * PCI as firmware leaves it: interrupts routed to the 8259s, and every function of bus 0 with
 * addresses, with the number of its interrupt in its Interrupt Line register, and decoding (PCI
 * 3.0, 6.2). Systems without ACPI rely on it.
 */
final class PciSetup {
  /** Where the ISA bridge routes PIRQA# to PIRQD#: to interrupts that nothing of ISA uses here. */
  static final List<Integer> IRQS = List.of(10, 11, 10, 11);

  private static final int ELCR = 0x4D0;
  private static final int ADDRESS = 0xCF8;
  private static final int DATA = 0xCFC;
  private static final long ENABLE = 1L << 31;
  private static final int FUNCTION = 1 << 8;
  private static final int DEVICE_SHIFT = 11;

  /** Host and ISA bridge have no addresses of their own. */
  private static final long FIRST = ENABLE | 2 << DEVICE_SHIFT;

  private static final long END = ENABLE | 32L << DEVICE_SHIFT;
  private static final int ISA_BRIDGE = 1 << DEVICE_SHIFT;

  private static final int VENDOR = 0x00;
  private static final int COMMAND = 0x04;
  private static final int HEADER = 0x0C;
  private static final int HEADER_TYPE_BITS = 0x7F_0000;
  private static final int FIRST_BAR = 0x10;
  private static final int LAST_BAR = 0x24;
  private static final int INTERRUPT = 0x3C;
  private static final int PIRQ_ROUTES = 0x60;

  private static final int IO_AND_MEMORY = 3;
  private static final int BAR_IO = 1;
  private static final int BAR_64_BITS = 4;
  private static final int BAR_MEMORY_BITS = 0xF;
  private static final int BAR_IO_BITS = 3;

  private final Assembler a;

  private PciSetup(Assembler a) {
    this.a = a;
  }

  /** Writes code of 32 bits that changes all general registers but ESP, and needs no stack. */
  static void write(Assembler a) {
    PciSetup setup = new PciSetup(a);
    setup.routes();
    setup.functions();
  }

  private void routes() {
    int routes = 0;
    int level = 0;
    for (int pin = 0; pin < IRQS.size(); pin++) {
      routes |= IRQS.get(pin) << 8 * pin;
      level |= 1 << IRQS.get(pin);
    }
    a.mov(EBX, ENABLE | ISA_BRIDGE);
    select(PIRQ_ROUTES);
    a.mov(EAX, routes).out(DX, EAX);
    a.mov(DX, ELCR).mov(AX, level).out(DX, AX);
  }

  /** Has EBX's function answer at the data port with a register; DX is the port. */
  private void select(int register) {
    a.lea(EAX, ptr(EBX, register));
    selectEax();
  }

  private void selectEax() {
    a.mov(DX, ADDRESS).out(DX, EAX).mov(DX, DATA);
  }

  /** EBX: function; ESI, EDI: next free memory address and port. */
  private void functions() {
    Label function = a.label("pciFunction");
    Label next = a.label("pciNext");
    a.mov(EBX, FIRST).mov(ESI, PcAddresses.PCI_HOLE).mov(EDI, PcAddresses.PCI_PORTS);
    a.bind(function);
    select(VENDOR);
    a.in(EAX, DX).cmp(AX, 0xFFFF).je(next);
    select(HEADER);
    a.in(EAX, DX).test(EAX, HEADER_TYPE_BITS).jne(next);
    addresses();
    interrupt();
    select(COMMAND);
    a.in(AX, DX).or(AX, IO_AND_MEMORY).out(DX, AX);
    a.bind(next).add(EBX, FUNCTION).cmp(EBX, END).jb(function);
  }

  /** ECX: register; EBP: what the address is aligned to, which is what it takes. */
  private void addresses() {
    Label bar = a.label("pciBar");
    Label memory = a.label("pciMemory");
    Label next = a.label("pciNextBar");
    a.mov(ECX, FIRST_BAR);
    a.bind(bar).lea(EAX, ptr(EBX, ECX, 1));
    selectEax();
    a.mov(EAX, -1).out(DX, EAX).in(EAX, DX);
    a.test(EAX, EAX).je(next).test(AL, BAR_IO).je(memory);

    a.and(EAX, ~BAR_IO_BITS).or(EAX, 0xFFFF_0000L).neg(EAX).mov(EBP, EAX);
    align(EDI);
    a.mov(EAX, EDI).out(DX, EAX).add(EDI, EBP).jmp(next);

    a.bind(memory).shl(ECX, 8).mov(CL, AL);
    a.and(EAX, ~BAR_MEMORY_BITS).neg(EAX).mov(EBP, EAX);
    align(ESI);
    a.mov(EAX, ESI).out(DX, EAX).add(ESI, EBP);
    a.mov(AL, CL).shr(ECX, 8).test(AL, BAR_64_BITS).je(next);
    a.add(ECX, 4).lea(EAX, ptr(EBX, ECX, 1));
    selectEax();
    a.xor(EAX, EAX).out(DX, EAX);

    a.bind(next).add(ECX, 4).cmp(ECX, LAST_BAR).jbe(bar);
  }

  /** Rounds a register up to a multiple of EBP, a power of two. */
  private void align(Register free) {
    a.dec(EBP).add(free, EBP).not(EBP).and(free, EBP).neg(EBP);
  }

  /** INTA# of device n is wired to PIRQ n modulo 4, its further pins to the next ones. */
  private void interrupt() {
    Label none = a.label("pciNoInterrupt");
    Label odd = a.label("pciOddPirq");
    select(INTERRUPT);
    a.in(EAX, DX).test(AH, AH).je(none);
    a.mov(CL, AH).dec(CL).mov(EAX, EBX).shr(EAX, DEVICE_SHIFT).add(CL, AL);
    a.mov(AL, IRQS.get(1)).test(CL, 1).jne(odd);
    a.mov(AL, IRQS.get(0));
    a.bind(odd).out(DX, AL);
    a.bind(none);
  }
}
