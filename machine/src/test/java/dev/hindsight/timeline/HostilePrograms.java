package dev.hindsight.timeline;

import static dev.hindsight.timeline.HostileKernel.APIC;
import static dev.hindsight.timeline.HostileKernel.HPET;
import static dev.hindsight.timeline.HostileKernel.IO_APIC;
import static dev.hindsight.timeline.HostileKernel.RING;
import static dev.hindsight.timeline.HostileKernel.RINGS;
import static dev.hindsight.timeline.HostileKernel.TABLES;
import static dev.hindsight.x86.Register.*;
import static dev.hindsight.x86.assembler.Arguments.abs;
import static dev.hindsight.x86.assembler.Arguments.offset;
import static dev.hindsight.x86.assembler.Arguments.ptr;

import dev.hindsight.x86.assembler.Label;
import java.util.function.Consumer;

/**
 * Multiboot kernels that abuse the chips of a PC. They run in protected mode with flat segments,
 * and most of them never end.
 */
enum HostilePrograms {
  /** Rings of virtio devices in registers, in a ROM, in nothing, in themselves and in the code. */
  RINGS_ANYWHERE(g -> {
    Label again = g.here();
    for (long place : RINGS) {
      g.startDevice(2, place, place, place).notifyQueue(2, 0);
      g.startDevice(4, place, RING, RING).offer(RING).notifyQueue(4, 0);
      g.startDevice(3, RING, place, RING).offer(RING).notifyQueue(3, 1);
      g.startDevice(4, RING, RING, place).offer(RING).notifyQueue(4, 0).spin(30_000);
    }
    g.a.jmp(again);
  }),

  /** Chains without end, indirect tables in themselves, buffers of 4 GiB, all heads alike. */
  CHAINS_WITHOUT_END(g -> {
    Label again = g.here();
    for (int device = 2; device <= 4; device++) {
      for (int flags : new int[] {1, 3, 4, 5, 6, 2, 0}) {
        g.startDevice(device, RING, RING + 0x800, RING + 0xA00);
        for (int d = 0; d < 4; d++) {
          g.write(RING + 16L * d, flags == 4 ? RING : 0xFFFF_F000L).write(RING + 16L * d + 4, 0);
          g.write(RING + 16L * d + 8, flags == 4 ? 0x40 : 0xFFFF_FFFFL);
          g.write(RING + 16L * d + 12, flags | d << 16);
        }
        // more is available than there can be, then as much as there can be
        g.write(RING + 0x800, 0xFFFF_0000L).notifyQueue(device, 0).spin(30_000);
        g.startDevice(device, RING, RING + 0x800, RING + 0xA00);
        g.write(RING + 0x800, 128 << 16).notifyQueue(device, 0).notifyQueue(device, 1);
        g.spin(30_000);
      }
    }
    g.a.jmp(again);
  }),

  /** Sizes of queues that cannot be. */
  SIZES_THAT_CANNOT_BE(g -> {
    Label again = g.here();
    for (int size : new int[] {0, 1, 3, 128, 129, 256, 0x8000, 0xFFFF}) {
      g.startDevice(2, RING, RING + 0x800, RING + 0xA00, size).offer(RING + 0x800);
      g.notifyQueue(2, 0).spin(30_000);
    }
    g.a.jmp(again);
  }),

  /** A device writes random bytes over an instruction that is being executed. */
  CODE_BY_DMA(g -> {
    Label target = g.a.label("target");
    g.startDevice(2, RING, RING + 0x800, RING + 0xA00);
    g.a.mov(EAX, offset(target)).inc(EAX).mov(abs(RING), EAX);
    g.write(RING + 4, 0).write(RING + 8, 4).write(RING + 12, 2).a.xor(ESI, ESI);
    Label again = g.here();
    g.a.inc(ESI).mov(EAX, ESI).shl(EAX, 16).mov(abs(RING + 0x800), EAX);
    g.notifyQueue(2, 0).a.mov(ECX, 2000);
    Label loop = g.here();
    g.a.call(target).dec(ECX).jne(loop).jmp(again);
    // the device changes the constant
    g.a.bind(target).mov(EAX, 0x1234_5678).add(EBX, EAX).ret();
  }),

  /** A device writes random bytes over the page directory in use. */
  PAGE_TABLES_BY_DMA(g -> {
    g.skippingHandlers();
    // 4 MiB pages, each at its own address
    g.a.mov(EDI, TABLES).mov(EAX, 0x83).mov(ECX, 1024);
    Label fill = g.here();
    g.a.mov(ptr(EDI), EAX).add(EDI, 4).add(EAX, 0x40_0000).dec(ECX).jne(fill);
    g.a.mov(EAX, CR4).or(EAX, 0x10).mov(CR4, EAX).mov(EAX, TABLES).mov(CR3, EAX);
    g.a.mov(EAX, CR0).or(EAX, 0x8000_0000).mov(CR0, EAX);
    // what maps code, stack and registers stays: entries 0, 1 and those from C000_0000 on
    g.startDevice(2, RING, RING + 0x800, RING + 0xA00);
    g.write(RING, TABLES + 8).write(RING + 4, 0).write(RING + 8, 4 * 0x2FE);
    g.write(RING + 12, 2).write(RING + 0x804, 0).write(RING + 0x808, 0);
    g.a.xor(ESI, ESI);
    Label again = g.here();
    g.a.inc(ESI).mov(EAX, ESI).shl(EAX, 16).mov(abs(RING + 0x800), EAX);
    g.notifyQueue(2, 0);
    g.a.mov(ECX, 3000).mov(EDI, 0x80_0000);
    Label walk = g.here();
    g.a.mov(EAX, ptr(EDI)).add(EDI, 0x40_0000).and(EDI, 0x7FFF_FFFF).or(EDI, 0x80_0000);
    g.a.dec(ECX).jne(walk).jmp(again);
  }),

  /** Base address registers over RAM, chips, the ROM, each other, and the end of the world. */
  BARS_ANYWHERE(g -> {
    Label again = g.here();
    long[] places = {
      0,
      0x10_0000,
      0xC000_0000L,
      0xE000_0000L,
      0xFEBF_F000L,
      0xFEC0_0000L,
      0xFED0_0000L,
      0xFEE0_0000L,
      0xFFFF_F000L
    };
    for (long place : places) {
      for (int device = 2; device <= 4; device++) {
        g.configure(device, 0x10, place).configure(device, 0x14, place).configure(device, 4, 7);
        g.configure(device, 0x18, place | 1).configure(device, 0x30, place | 1);
      }
      g.a.mov(EAX, abs(place + 0x14)).mov(abs(place + 0xFF0), EAX);
    }
    g.a.jmp(again);
  }),

  /** All timers with their shortest periods, or none at all; nobody takes their interrupts. */
  SHORTEST_PERIODS(g -> {
    g.everyTimer();
    g.a.jmp(g.here());
  }),

  /** The same, with a CPU that takes them. */
  SHORTEST_PERIODS_TAKEN(g -> g.handlers().unmaskEverything().everyTimer().sleepForever()),

  /** The same, as NMIs: messages of the HPET. */
  TIMERS_AS_NMI(g -> {
    g.handlers().everyTimer();
    for (int t = 0; t < 3; t++) {
      g.write(HPET + 0x110 + 0x20L * t, 0x400).write(HPET + 0x100 + 0x20L * t, 0x404C);
      g.write(HPET + 0x108 + 0x20L * t, 1);
    }
    g.sleepForever();
  }),

  /** All pins of the I/O APIC are active, and level-triggered. */
  LEVEL_STORM(g -> g.handlers().unmaskEverything().pins(0xA030).sleepForever()),

  /** The same with each delivery mode, ended by hand without end. */
  LEVEL_STORM_ENDED_BY_HAND(g -> {
    g.handlers().unmaskEverything();
    Label again = g.here();
    for (int mode : new int[] {0, 1, 2, 4, 7}) {
      g.pins(0xA030 | mode << 8);
      g.a.mov(ECX, 2000);
      Label end = g.here();
      g.write(IO_APIC + 0x40, 0x30);
      g.a.dec(ECX).jne(end);
    }
    g.a.jmp(again);
  }),

  /** Interrupts to itself, by MSRs, from the handler too. */
  X2APIC_SELF(g -> {
    g.handlers().a.mov(ECX, 0x1B).rdmsr().or(EAX, 0xC00).wrmsr();
    g.a.mov(ECX, 0x80F).mov(EAX, 0x1FF).xor(EDX, EDX).wrmsr();
    g.a.sti();
    Label again = g.here();
    for (int vector : new int[] {0x40, 0x41, 0xFF, 0x0F, 0}) {
      g.a.mov(ECX, 0x83F).mov(EAX, vector).xor(EDX, EDX).wrmsr();
      // as a fixed interrupt to itself, and as one and an NMI to all
      for (int command : new int[] {0x4_0000, 0x8_0000, 0x8_0400}) {
        g.a.mov(ECX, 0x830).mov(EAX, command | vector).xor(EDX, EDX).wrmsr();
      }
      g.a.mov(ECX, 0x80B).xor(EAX, EAX).wrmsr();
    }
    g.a.jmp(again);
  }),

  /** The CPU initializes itself, by a message of the I/O APIC and by the APIC. */
  INIT_STORM(g -> {
    g.pins(0x0500).pins(0xA500);
    Label again = g.here();
    g.write(APIC + 0xF0, 0x1FF).write(APIC + 0x300, 0x8_4500).a.jmp(again);
  }),

  /** All commands of the keyboard controller, and all bytes for keyboard and mouse. */
  KEYBOARD_FLOOD(g -> {
    g.handlers().unmaskEverything();
    Label again = g.here();
    g.a.xor(EBX, EBX);
    Label next = g.here();
    // all but those that pulse the reset line
    g.a.mov(EAX, EBX).and(EAX, 0xEF).mov(EDX, 0x64).out(DX, AL);
    g.a.mov(EAX, EBX).or(EAX, 3).mov(EDX, 0x60).out(DX, AL).in(AL, DX);
    g.a.mov(EDX, 0x64).mov(EAX, 0xD4).out(DX, AL).mov(EDX, 0x60).mov(EAX, EBX).out(DX, AL);
    g.a.mov(EAX, EBX).out(DX, AL).inc(EBX).cmp(EBX, 0x300).jne(next).jmp(again);
  }),

  /** The A20 gate opens and closes, by both ways. */
  A20_FLAPS(g -> {
    Label again = g.here();
    for (int value : new int[] {0, 2}) {
      g.out(0x92, value).out(0x64, 0xD1).out(0x60, value == 0 ? 0xDD : 0xDF);
      g.a.mov(EAX, abs(0x10_0000)).mov(abs(0x20_0000), EAX).mov(abs(0x30_0004), EAX);
    }
    g.a.jmp(again);
  }),

  /** Descriptor tables, stack and page tables in registers. */
  TABLES_IN_REGISTERS(g -> {
    Label pointer = g.a.label("pointer");
    g.a.lidt(abs(pointer)).lgdt(abs(pointer)).mov(ESP, (int) APIC + 0x400).push(EAX).pop(EBX);
    g.a.mov(ESI, (int) APIC).mov(EDI, (int) HPET).mov(ECX, 0x100).rep().movs(4);
    g.a.mov(ESI, (int) HPET).mov(EDI, (int) APIC).mov(ECX, 0x100).rep().movs(4);
    g.a.mov(EDI, (int) APIC + 0x300).mov(EDX, 0x71).mov(ECX, 0x100).rep().ins(1);
    g.a.lock().xadd(abs(APIC + 0xFFE), EAX).lock().xadd(abs(HPET - 2), EAX);
    g.a.mov(EAX, (int) APIC).mov(CR3, EAX).mov(EAX, CR0).or(EAX, 0x8000_0000).mov(CR0, EAX);
    g.a.align(8).bind(pointer).words(0xFFFF).doublewords((int) APIC);
  }),

  /** Code in registers. */
  CODE_IN_REGISTERS(g -> g.handlers().a.mov(EAX, (int) APIC + 0x300).jmp(EAX)),

  /** Code in what is no memory at all. */
  CODE_NOWHERE(g -> g.handlers().a.mov(EAX, 0xD000_0000).jmp(EAX));

  static final int RESET_CONTROL = 0xCF9;
  static final int POWER_CONTROL = 0x604;

  private final byte[] file;

  HostilePrograms(Consumer<HostileKernel> code) {
    file = HostileKernel.file(code);
  }

  /** The kernel's file. */
  byte[] file() {
    return file.clone();
  }

  /** A kernel that writes a value to a port again and again. */
  static byte[] writesForever(int port, int value) {
    return HostileKernel.file(g -> {
      Label again = g.here();
      g.a.mov(EDX, port).mov(EAX, value).out(DX, port == RESET_CONTROL ? AL : AX).jmp(again);
    });
  }
}
