package dev.hindsight.cpu.interpreter;

import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.Vcpu;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;

/**
 * Random programs that do what is hardest for an engine that caches: they rewrite themselves and
 * the page tables that map them, through aliases too, single-step, set breakpoints, and enter
 * instructions in the middle. Each exception leads to another place of the program.
 */
final class HostileGuest {
  private static final int GDT = 0x800;
  private static final int HANDLER = 0x900;
  private static final int DIRECTORY = 0x1000;
  private static final int TABLE = 0x2000;
  private static final int CODE = 0x4000;
  private static final int CODE_BYTES = 0x4000;
  private static final int STACK = 0x1_F000;

  /** Cycles, reference cycles, instructions, branches, mispredicted branches. */
  private static final int[] COUNTED = {0x3C, 0x13C, 0xC0, 0xC4, 0xC4, 0xC5};

  private final Random random;
  private final ByteBuffer ram = ByteBuffer.allocate(0x2_0000).order(ByteOrder.LITTLE_ENDIAN);
  private int at;

  private HostileGuest(long seed) {
    random = new Random(seed);
  }

  /** Puts a program into RAM; all vCPUs start somewhere in it. */
  static void paged(TortureMachine machine, long seed) {
    HostileGuest guest = new HostileGuest(seed);
    guest.tables();
    guest.handler();
    guest.code();
    guest.load(machine);
    for (Vcpu cpu : machine.cpus) {
      guest.protectedMode(cpu);
    }
  }

  /** The same bytes in real mode, around the end of the first MiB. */
  static void real(TortureMachine machine, long seed) {
    HostileGuest guest = new HostileGuest(seed);
    for (int vector = 0; vector < 256; vector++) {
      guest.ram.putInt(vector * 4, HANDLER);
    }
    // mov sp,F000; mov bx,bp; add bp,135; and bx,3FFF; add bx,4000; push imm; popf; jmp bx
    guest.ram.position(HANDLER);
    guest.ram.put(bytes(0xBC, 0, 0xF0, 0x89, 0xEB, 0x81, 0xC5, 0x35, 1, 0x81, 0xE3, 0xFF, 0x3F));
    guest.ram.put(bytes(0x81, 0xC3, 0, 0x40, 0x68, 2, 2, 0x9D, 0xFF, 0xE3));
    guest.code();
    guest.load(machine);
    for (Vcpu cpu : machine.cpus) {
      // FFFF:4010 is 10_4000h, or 4000h while the A20 gate is closed
      for (int s = 0; s < 6; s++) {
        cpu.segment(s).set(0xFFFF, 0xF_FFF0, 0xFFFF, s == 1 ? 0x9B : 0x93, 0);
      }
      cpu.ss().set(0, 0, 0xFFFF, 0x93, 0);
      cpu.idtr().set(0, 0x3FF);
      cpu.general().set64(GeneralRegisters.RSP, 0xF000);
      cpu.general().set64(GeneralRegisters.RBP, guest.random.nextInt(CODE_BYTES));
      cpu.rip(0x4010 + guest.random.nextInt(256));
      cpu.updateMode();
    }
    byte[] high = new byte[CODE_BYTES];
    guest.random.nextBytes(high);
    guest.ram.get(CODE, high, 0, CODE_BYTES / 2);
    machine.memory.write(0x10_4000, high, 0, high.length);
  }

  private void load(TortureMachine machine) {
    machine.memory.write(0, ram.array(), 0, ram.capacity());
  }

  private void tables() {
    for (int vector = 0; vector < 256; vector++) {
      int type = vector == 0x20 || random.nextBoolean() ? 0x8E00 : 0x8F00;
      ram.putInt(vector * 8, 8 << 16 | HANDLER);
      ram.putInt(vector * 8 + 4, type);
    }
    ram.putLong(GDT + 8, 0x00CF_9B00_0000_FFFFL);
    ram.putLong(GDT + 16, 0x00CF_9300_0000_FFFFL);
    ram.putInt(DIRECTORY, TABLE | 7);
    // linear 4 MiB on: the same table as a second view; 8 MiB on: the directory maps itself
    ram.putInt(DIRECTORY + 4, TABLE | 7);
    ram.putInt(DIRECTORY + 8, DIRECTORY | 7);
    for (int page = 0; page < 1024; page++) {
      int frame = page < 32 ? page : random.nextInt(8) == 0 ? 256 + page % 8 : page % 32;
      ram.putInt(TABLE + 4 * page, frame << 12 | 7);
    }
  }

  /** Goes on at another place, with a clean stack. */
  private void handler() {
    ram.position(HANDLER);
    // mov esp,STACK; add ebp,135h; mov eax,ebp; and eax,3FFFh; add eax,4000h
    ram.put((byte) 0xBC).putInt(STACK);
    ram.put(bytes(0x81, 0xC5)).putInt(0x135);
    ram.put(bytes(0x89, 0xE8, 0x25)).putInt(CODE_BYTES - 1);
    ram.put((byte) 0x05).putInt(CODE);
    // push 202h; popf; jmp eax
    ram.put((byte) 0x68).putInt(0x202);
    ram.put(bytes(0x9D, 0xFF, 0xE0));
  }

  private static byte[] bytes(int... values) {
    byte[] all = new byte[values.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) values[i];
    }
    return all;
  }

  private void code() {
    ram.position(CODE);
    while (ram.position() < CODE + CODE_BYTES - 32) {
      instruction();
    }
  }

  private void instruction() {
    at = ram.position();
    switch (random.nextInt(26)) {
      case 0, 1, 2 -> storeNearby();
      case 3, 4 -> storeEntry();
      case 5 -> ram.put(bytes(0x68)).putInt(random.nextInt() & 0x4_0FD7).put(bytes(0x9D));
      case 6 -> ram.put(bytes(0x68)).putInt(0x102).put(bytes(0x9D));
      case 7 -> repeat();
      case 8 -> ram.put(bytes(0x0F, 0x20, 0xD8, 0x0F, 0x22, 0xD8));
      case 9 -> ram.put(bytes(0xE9)).putInt(CODE + random.nextInt(CODE_BYTES) - at - 5);
      case 10 -> ram.put(bytes(0x74 + random.nextInt(4), random.nextInt(40)));
      case 11 -> breakpoint();
      case 12 -> ram.put(bytes(0x8C, 0xD0, 0x8E, 0xD0));
      case 13 -> ram.put(bytes(random.nextInt(4) == 0 ? 0xF4 : 0xFB));
      case 14 -> ram.put(bytes(0xFA));
      case 15 -> ram.put(bytes(0xA1)).putInt(random.nextInt(0x40_0000));
      case 16 -> toggleWriteProtect();
      case 17 -> ram.put(bytes(0xE8)).putInt(random.nextInt(64));
      case 18 -> ram.put(bytes(0x0F, 0x31));
      case 19 -> ram.put(bytes(0xCD, 0x30));
      case 20 -> random(random.nextInt(12));
      case 21, 22 -> performanceMonitor();
      default -> ram.put(bytes(0x01 | random.nextInt(8) << 3, 0xC0 | random.nextInt(32)));
    }
  }

  private void random(int count) {
    for (int i = 0; i < count; i++) {
      ram.put((byte) random.nextInt());
    }
  }

  /** Writes to code close by, often the instruction that comes next, directly or by an alias. */
  private void storeNearby() {
    int target = at + random.nextInt(64) - 16;
    int alias = random.nextInt(4) == 0 ? 0x40_0000 : 0;
    if (random.nextBoolean()) {
      ram.put(bytes(0xC6, 0x05)).putInt(target + alias).put((byte) random.nextInt());
    } else {
      ram.put(bytes(0x81, 0x35)).putInt(target + alias).putInt(1 << random.nextInt(32));
    }
  }

  /** Writes to the entry that maps this very page, or to another one. */
  private void storeEntry() {
    int page = random.nextBoolean() ? at >> 12 : random.nextInt(1024);
    int frame = random.nextInt(3) == 0 ? 256 + random.nextInt(8) : 4 + random.nextInt(4);
    int rights = random.nextInt(5) == 0 ? random.nextInt(128) : 7;
    ram.put(bytes(0xC7, 0x05)).putInt(TABLE + 4 * page).putInt(frame << 12 | rights);
  }

  /** REP STOSB or MOVSB over code or tables. */
  private void repeat() {
    ram.put(bytes(0xBF)).putInt(random.nextInt(4) == 0 ? TABLE + 16 : at + 5 - random.nextInt(32));
    ram.put(bytes(0xBE)).putInt(CODE + random.nextInt(CODE_BYTES));
    ram.put(bytes(0xB9)).putInt(random.nextInt(70));
    ram.put(bytes(0xF3, random.nextInt(4) == 0 ? 0xAA : 0xA4));
  }

  private void breakpoint() {
    int n = random.nextInt(4);
    ram.put(bytes(0xB8)).putInt(CODE + random.nextInt(CODE_BYTES));
    ram.put(bytes(0x0F, 0x23, 0xC0 | n << 3));
    ram.put(bytes(0xB8)).putInt(random.nextBoolean() ? 0x400 : random.nextInt() & 0xFFFF_00FF);
    ram.put(bytes(0x0F, 0x23, 0xF8));
  }

  /** Counts this and that until it overflows soon, or looks at a counter. */
  private void performanceMonitor() {
    int n = random.nextInt(4);
    int soon = -random.nextInt(100);
    switch (random.nextInt(7)) {
      case 0, 1 -> {
        int event = COUNTED[random.nextInt(COUNTED.length)];
        int mask = random.nextInt(8) == 0 ? random.nextInt(3) << 24 : 0;
        writeMsr(0x186 + n, 0x51_0000 | random.nextInt() & 0x8E_0000 | mask | event, 0);
      }
      case 2 -> writeMsr(0xC1 + n, soon, 0);
      case 3 -> writeMsr(0x309 + n % 3, soon, 0xFFFF);
      case 4 -> writeMsr(0x38D, random.nextInt() & 0xBBB, 0);
      case 5 -> writeMsr(0x38F, 0xF & ~(1 << random.nextInt(8)), random.nextInt(8));
      default -> {
        int fixed = random.nextInt(2) << 30;
        ram.put(bytes(0xB9)).putInt(fixed | (fixed == 0 ? n : n % 3)).put(bytes(0x0F, 0x33));
      }
    }
  }

  private void writeMsr(int number, int low, int high) {
    ram.put(bytes(0xB9)).putInt(number).put(bytes(0xB8)).putInt(low);
    ram.put(bytes(0xBA)).putInt(high).put(bytes(0x0F, 0x30));
  }

  private void toggleWriteProtect() {
    ram.put(bytes(0x0F, 0x20, 0xC0, 0x35)).putInt(ControlRegisters.CR0_WP);
    ram.put(bytes(0x0F, 0x22, 0xC0));
  }

  private void protectedMode(Vcpu cpu) {
    ControlRegisters c = cpu.control();
    c.cr0(ControlRegisters.CR0_PE | ControlRegisters.CR0_ET | ControlRegisters.CR0_PG);
    c.cr3(DIRECTORY);
    cpu.gdtr().set(GDT, 0x17);
    cpu.idtr().set(0, 0x7FF);
    for (int s = 0; s < 6; s++) {
      cpu.segment(s).set(0x10, 0, 0xFFFF_FFFFL, 0x93, 4);
    }
    cpu.cs().set(8, 0, 0xFFFF_FFFFL, 0x9B, 4);
    cpu.general().set64(GeneralRegisters.RSP, STACK - 0x1000L * cpu.index());
    cpu.general().set64(GeneralRegisters.RBP, random.nextInt(CODE_BYTES));
    cpu.rip(CODE + random.nextInt(CODE_BYTES));
    cpu.updateMode();
  }
}
