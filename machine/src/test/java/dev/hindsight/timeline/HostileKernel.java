package dev.hindsight.timeline;

import static dev.hindsight.x86.Register.*;
import static dev.hindsight.x86.assembler.Arguments.abs;
import static dev.hindsight.x86.assembler.Arguments.offset;
import static dev.hindsight.x86.assembler.Arguments.ptr;

import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.assembler.Assembler;
import dev.hindsight.x86.assembler.Label;
import java.util.function.Consumer;

/** A Multiboot kernel being written that programs the chips of a PC; labels need no names. */
final class HostileKernel {
  static final long APIC = 0xFEE0_0000L;
  static final long IO_APIC = 0xFEC0_0000L;
  static final long HPET = 0xFED0_0000L;
  static final long BARS = 0xE000_0000L;
  static final int RING = 0x28_0000;
  static final int TABLES = 0x30_0000;
  static final int IDT = 0x40_0000;
  static final int STACK = 0x50_0000;
  static final int LOAD = 0x20_0000;

  /** Where rings do not belong, and where they do. */
  static final long[] RINGS = {
    APIC, IO_APIC, HPET, BARS + 0x2_0000, 0xD000_0000L, 0xF_0000, 0xFFFF_0000L, LOAD, RING, -16, 0
  };

  final Assembler a = new Assembler(CodeMode.BITS32, LOAD);

  private int labels;

  /** The file of a kernel. */
  static byte[] file(Consumer<HostileKernel> code) {
    HostileKernel g = new HostileKernel();
    int flags = 1 << 16;
    Label header = g.a.here("header");
    Label start = g.a.label("start");
    g.a.doublewords(0x1BAD_B002, flags, -(0x1BAD_B002 + flags));
    g.a.datum(offset(header), 4).datum(offset(header), 4).doublewords(0, 0);
    g.a.datum(offset(start), 4).bind(start).mov(ESP, STACK);
    code.accept(g);
    return g.a.assemble();
  }

  Label here() {
    labels++;
    return a.here("label" + labels);
  }

  HostileKernel write(long address, long value) {
    a.mov(abs(address).bytes(4), (int) value);
    return this;
  }

  HostileKernel out(int port, int value) {
    a.mov(EDX, port).mov(EAX, value).out(DX, AL);
    return this;
  }

  HostileKernel configure(int device, int register, long value) {
    a.mov(EDX, 0xCF8).mov(EAX, 1 << 31 | device << 11 | register).out(DX, EAX);
    a.mov(EDX, 0xCFC).mov(EAX, (int) value).out(DX, EAX);
    return this;
  }

  HostileKernel spin(int rounds) {
    a.mov(ECX, rounds / 2);
    Label loop = here();
    a.dec(ECX).jne(loop);
    return this;
  }

  // ---- virtio

  HostileKernel startDevice(int device, long descriptors, long available, long used) {
    return startDevice(device, descriptors, available, used, 128);
  }

  HostileKernel startDevice(int device, long descriptors, long available, long used, int size) {
    long bar = BARS + 0x1_0000L * device;
    configure(device, 0x10, bar).configure(device, 0x14, bar + 0x8000).configure(device, 4, 6);
    a.mov(abs(bar + 0x14).bytes(1), 0).mov(abs(bar + 0x14).bytes(1), 3);
    // indirect descriptors, version 1
    write(bar + 0x08, 0).write(bar + 0x0C, 1 << 28).write(bar + 0x08, 1).write(bar + 0x0C, 1);
    a.mov(abs(bar + 0x14).bytes(1), 11);
    for (int queue = 0; queue < (device == 3 ? 2 : 1); queue++) {
      a.mov(abs(bar + 0x16).bytes(2), queue).mov(abs(bar + 0x18).bytes(2), size);
      write(bar + 0x20, descriptors).write(bar + 0x24, descriptors >> 32);
      write(bar + 0x28, available).write(bar + 0x2C, available >> 32);
      write(bar + 0x30, used).write(bar + 0x34, used >> 32);
      a.mov(abs(bar + 0x1C).bytes(2), 1);
    }
    a.mov(abs(bar + 0x14).bytes(1), 15);
    return this;
  }

  /** Makes 128 chains available. */
  HostileKernel offer(long available) {
    return write(available, 128 << 16);
  }

  HostileKernel notifyQueue(int device, int queue) {
    a.mov(abs(BARS + 0x1_0000L * device + 0x300 + 4L * queue).bytes(2), queue);
    return this;
  }

  // ---- interrupts

  /** Handlers that end the interrupt. */
  HostileKernel handlers() {
    Label start = a.label("afterHandlers");
    Label handler = a.label("handler");
    Label pointer = a.label("pointer");
    a.jmp(start).bind(handler).push(EAX).mov(abs(APIC + 0xB0).bytes(4), 0);
    a.mov(EAX, 0x20).out(0x20, AL).out(0xA0, AL).pop(EAX).iret();
    return table(start, handler, pointer);
  }

  /** Handlers of page faults that leave out an instruction of two bytes. */
  HostileKernel skippingHandlers() {
    Label start = a.label("afterHandlers");
    Label handler = a.label("handler");
    Label pointer = a.label("pointer");
    a.jmp(start).bind(handler).add(ESP, 4).add(ptr(ESP).bytes(4), 2).iret();
    return table(start, handler, pointer);
  }

  private HostileKernel table(Label start, Label handler, Label pointer) {
    a.align(8).bind(pointer).words(0x7FF).doublewords(IDT).bind(start);
    a.mov(EDI, IDT).mov(ECX, 256).mov(EAX, offset(handler)).mov(EBX, EAX);
    a.shr(EBX, 16).shl(EBX, 16).or(EBX, 0x8E00).and(EAX, 0xFFFF).xor(EDX, EDX);
    a.mov(DX, CS).shl(EDX, 16).or(EAX, EDX);
    Label fill = here();
    a.mov(ptr(EDI), EAX).mov(ptr(EDI, 4), EBX).add(EDI, 8).dec(ECX).jne(fill);
    a.lidt(abs(pointer));
    return this;
  }

  /** The 8259s to vectors from 20h on, and through LINT0; the I/O APIC's pins as edges. */
  HostileKernel unmaskEverything() {
    for (int chip : new int[] {0x20, 0xA0}) {
      out(chip, 0x11).out(chip + 1, chip == 0x20 ? 0x20 : 0x28);
      out(chip + 1, chip == 0x20 ? 4 : 2).out(chip + 1, 1).out(chip + 1, 0);
    }
    write(APIC + 0xF0, 0x1FF).write(APIC + 0x350, 0x700).write(APIC + 0x320, 0x2_0031);
    return pins(0x32);
  }

  /** Writes the lower half of each entry of the I/O APIC's table. */
  HostileKernel pins(int entry) {
    for (int pin = 0; pin < 24; pin++) {
      write(IO_APIC, 0x11 + 2L * pin).write(IO_APIC + 0x10, 0);
      write(IO_APIC, 0x10 + 2L * pin).write(IO_APIC + 0x10, entry);
    }
    return this;
  }

  /** 8254, RTC, HPET, local APIC. */
  HostileKernel everyTimer() {
    for (int mode : new int[] {0x34, 0x36}) {
      out(0x43, mode).out(0x40, mode == 0x34 ? 2 : 1).out(0x40, 0);
    }
    out(0x70, 11).out(0x71, 0x72).out(0x70, 10).out(0x71, 0x23);
    // all matches at each cycle, and at none: periods 1 and 0, with and without edges
    int[] configurations = {0x0000_004C, 0x0000_014E, 0x0000_404C};
    for (int t = 0; t < 3; t++) {
      long timer = HPET + 0x100 + 0x20L * t;
      write(timer, configurations[t]).write(timer + 8, 1).write(timer + 0xC, 0);
      write(timer + 0x10, 0x4033).write(timer + 0x14, 0xFEE0_0000L);
    }
    write(HPET + 0x10, 3).write(HPET + 0x128, 0);
    write(APIC + 0xF0, 0x1FF).write(APIC + 0x320, 0x2_0031).write(APIC + 0x3E0, 0xB);
    write(APIC + 0x380, 1);
    return this;
  }

  void sleepForever() {
    Label sleep = here();
    a.sti().hlt().jmp(sleep);
  }
}
