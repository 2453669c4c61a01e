package dev.hindsight.cpu.protection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.memory.GuestRam;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The flags that IRET writes, virtual-8086 mode's interrupts and returns, and port permissions. */
class InterruptReturnTest {
  private static final Rules RULES = Rules.load("interrupt-returns.txt");
  private static final int RSP = GeneralRegisters.RSP;
  private static final int ALL = 0x3D_7FD5;
  private static final int VECTOR = 0x21;

  private final GuestRam ram = ProtectedMachine.ram();
  private final ProtectedMachine machine = new ProtectedMachine(ram);
  private final Tally tally = new Tally();

  @AfterEach
  void close() {
    ram.close();
  }

  private static int bit(String flag) {
    return switch (flag) {
      case "CF" -> 1;
      case "PF" -> 4;
      case "AF" -> 0x10;
      case "ZF" -> 0x40;
      case "SF" -> 0x80;
      case "TF" -> 0x100;
      case "IF" -> 0x200;
      case "DF" -> 0x400;
      case "OF" -> 0x800;
      case "IOPL" -> 0x3000;
      case "NT" -> 0x4000;
      case "RF" -> 0x1_0000;
      case "AC" -> 0x4_0000;
      case "VIF" -> 0x8_0000;
      case "VIP" -> 0x10_0000;
      case "ID" -> 0x20_0000;
      default -> throw new IllegalArgumentException(flag);
    };
  }

  /** RFLAGS as a list of flags of a rule lets IRET make it. */
  private static String after(String rule, int before, int image) {
    if (rule.startsWith("#")) {
      return rule;
    }
    int flags = before;
    for (String flag : rule.split(" ", -1)) {
      if (flag.equals("+VIF")) {
        flags |= 0x8_0000;
      } else if (flag.equals("-VIF")) {
        flags &= ~0x8_0000;
      } else {
        flags = flags & ~bit(flag) | image & bit(flag);
      }
    }
    return Integer.toHexString(flags);
  }

  private void frame(int bits, int ip, int cs, int image) {
    long rsp = machine.cpu.ss().base() + machine.cpu.general().get64(RSP);
    int bytes = bits / 8;
    machine.write(rsp, bytes, ip);
    machine.write(rsp + bytes, bytes, cs);
    machine.write(rsp + 2L * bytes, bytes, image);
  }

  private String iret(int bits) {
    boolean wide = machine.cpu.codeMode().bits() == 32;
    String result = wide == (bits == 32) ? machine.execute(0xCF) : machine.execute(0x66, 0xCF);
    return result.equals("ok") ? Integer.toHexString(machine.cpu.flags().get()) : result;
  }

  @Test
  void flagsOfProtectedMode() {
    for (int cpl = 0; cpl < 4; cpl++) {
      for (int iopl = 0; iopl < 4; iopl++) {
        for (int bits : new int[] {16, 32}) {
          for (int one = 1; one < 0x40_0000; one <<= 1) {
            for (int pattern : new int[] {0, ALL}) {
              int before = (pattern ^ one) & ALL & ~Flags.NT & ~Flags.IOPL | iopl << 12 | 2;
              int image = ~before & ALL | 2;
              machine.protectedMode(cpl);
              machine.cpu.flags().set(before);
              frame(bits, ProtectedMachine.TARGET, ProtectedMachine.codeSelector(cpl), image);
              Case c = new Case().with("cpl", cpl).with("iopl", iopl).with("bits", bits);
              String expected = after(RULES.expect("protected", c.values()), before, image);
              tally.check(c + " " + before, expected, iret(bits));
            }
          }
        }
      }
    }
    tally.finish(1400);
  }

  @Test
  void flagsOfRealMode() {
    for (int bits : new int[] {16, 32}) {
      for (int one = 1; one < 0x40_0000; one <<= 1) {
        for (int pattern : new int[] {0, ALL}) {
          int before = (pattern ^ one) & ALL | 2;
          int image = ~before & ALL | 2;
          machine.realMode();
          machine.cpu.flags().set(before);
          frame(bits, 0x4321, 0x123, image);
          Case c = new Case().with("bits", bits);
          String expected = after(RULES.expect("real", c.values()), before, image);
          tally.check(c + " " + before, expected, iret(bits));
          assertThat(machine.cpu.rip()).isEqualTo(0x4321);
          assertThat(machine.cpu.cs().base()).isEqualTo(0x1230);
          assertThat(machine.cpu.cs().selector()).isEqualTo(0x123);
          assertThat(machine.cpu.general().get64(RSP)).isEqualTo(0x9000 + 3 * bits / 8);
        }
      }
    }
    tally.finish(88);
  }

  @Test
  void flagsOfVirtual8086Mode() {
    for (int iopl = 0; iopl < 4; iopl++) {
      for (boolean vme : new boolean[] {false, true}) {
        for (int bits : new int[] {16, 32}) {
          for (int one = 1; one < 0x40_0000; one <<= 1) {
            for (int pattern : new int[] {0, ALL, Flags.VIP, ALL & ~Flags.VIP}) {
              int before = (pattern ^ one) & ALL & ~Flags.IOPL | iopl << 12 | 0x2_0002;
              int image = ~before & ALL | 2;
              machine.virtual8086(iopl);
              machine.cpu.control().cr4(vme ? ControlRegisters.CR4_VME : 0);
              machine.cpu.flags().set(before);
              frame(bits, 0x4321, 0x123, image);
              Case c =
                  new Case()
                      .with("iopl", iopl)
                      .with("vme", vme)
                      .with("bits", bits)
                      .with("tf", (image & Flags.TF) != 0)
                      .with("if", (image & Flags.IF) != 0)
                      .with("vip", (before & Flags.VIP) != 0);
              String expected = after(RULES.expect("virtual", c.values()), before, image);
              tally.check(c + " " + before, expected, iret(bits));
            }
          }
        }
      }
    }
    tally.finish(1400);
  }

  @Test
  void returnsToVirtual8086Mode() {
    for (int cpl = 0; cpl < 4; cpl++) {
      machine.protectedMode(cpl);
      int[] frame = {0x1234, 0xF000, 0x2_3202, 0x5678, 0x9000, 0xA000, 0xB000, 0xC000, 0xD000};
      for (int i = 0; i < frame.length; i++) {
        machine.write(machine.cpu.general().get64(RSP) + 4L * i, 4, frame[i]);
      }
      String result = machine.execute(0xCF);
      if (cpl != 0) {
        // VM of the image counts at privilege level 0 only; 0xF000 lies beyond the GDT
        assertThat(result).isEqualTo("#GP(f000)");
        continue;
      }
      assertThat(result).isEqualTo("ok");
      assertThat(machine.cpu.isVirtual8086()).isTrue();
      assertThat(machine.cpu.cpl()).isEqualTo(3);
      assertThat(machine.cpu.flags().get()).isEqualTo(0x2_3202);
      assertThat(machine.cpu.rip()).isEqualTo(0x1234);
      assertThat(machine.cpu.general().get64(RSP)).isEqualTo(0x5678);
      int[] selectors = {0xA000, 0xF000, 0x9000, 0xB000, 0xC000, 0xD000};
      for (int i = 0; i < 6; i++) {
        assertThat(machine.cpu.segment(i).selector()).isEqualTo(selectors[i]);
        assertThat(machine.cpu.segment(i).base()).isEqualTo((long) selectors[i] << 4);
        assertThat(machine.cpu.segment(i).limit()).isEqualTo(0xFFFF);
        assertThat(machine.cpu.segment(i).access()).isEqualTo(0xF3);
      }
    }
  }

  @Test
  void softwareInterruptsOfVirtual8086Mode() {
    for (int iopl = 0; iopl < 4; iopl++) {
      for (boolean vme : new boolean[] {false, true}) {
        for (boolean bitmap : new boolean[] {false, true}) {
          for (boolean vif : new boolean[] {false, true}) {
            for (int vector = 0; vector < 256; vector += 5) {
              virtualInterrupt(iopl, vme, bitmap, vif, vector);
            }
          }
        }
      }
    }
    tally.finish(1600);
  }

  private void virtualInterrupt(int iopl, boolean vme, boolean bitmap, boolean vif, int vector) {
    machine.virtual8086(iopl);
    machine.cpu.control().cr4(vme ? ControlRegisters.CR4_VME : 0);
    int flags = 0x2_0302 | iopl << 12 | (vif ? Flags.VIF : 0);
    machine.cpu.flags().set(flags);
    machine.write(ProtectedMachine.TSS + 102, 2, 0x88);
    for (int i = 0; i < 32; i++) {
      int bit = i == vector / 8 ? 1 << vector % 8 : 0;
      machine.write(ProtectedMachine.TSS + 0x68 + i, 1, bitmap ? bit : ~bit);
    }
    machine.write(vector * 4L, 4, 0x0123_4567);
    machine.vector(vector, ProtectedMachine.CODE_SELECTOR, ProtectedMachine.TARGET, 0xEE, 0);
    Case c = new Case().with("iopl", iopl).with("vme", vme).with("bitmap", bitmap);
    String result = machine.execute(0xCD, vector);
    boolean within = result.equals("ok") && machine.cpu.isVirtual8086();
    String actual = !result.equals("ok") ? result : within ? "program" : "monitor";
    tally.check(c + " " + vector, RULES.expect("int", c.values()), actual);
    if (within) {
      assertThat(machine.cpu.cs().selector()).isEqualTo(0x123);
      assertThat(machine.cpu.rip()).isEqualTo(0x4567);
      assertThat(machine.cpu.general().get64(RSP)).isEqualTo(0x7FA);
      assertThat(machine.read(0x87FA, 2)).isEqualTo(2);
      assertThat(machine.read(0x87FC, 2)).isEqualTo(0x400);
      int image = iopl == 3 ? 0x3302 : vif ? 0x3302 : 0x3102;
      assertThat(machine.read(0x87FE, 2)).isEqualTo(image);
      int cleared = Flags.TF | (iopl == 3 ? Flags.IF : Flags.VIF);
      assertThat(machine.cpu.flags().get()).isEqualTo(flags & ~cleared);
    }
  }

  @Test
  void breakpointsOfVirtual8086ModeNeedNoIopl() {
    for (int opcode : new int[] {0xCC, 0xCE, 0xF1}) {
      machine.virtual8086(0);
      machine.cpu.flags().set(0x2_0802);
      int vector = opcode == 0xCC ? 3 : opcode == 0xCE ? 4 : 1;
      int access = opcode == 0xF1 ? 0x8E : 0xEE;
      machine.vector(vector, ProtectedMachine.CODE_SELECTOR, ProtectedMachine.TARGET, access, 0);
      assertThat(machine.execute(opcode)).isEqualTo("ok");
      assertThat(machine.cpu.rip()).isEqualTo(ProtectedMachine.TARGET);
      assertThat(machine.cpu.isVirtual8086()).isFalse();
    }
  }

  @Test
  void interruptsOfRealMode() {
    for (int vector = 0; vector < 256; vector++) {
      machine.realMode();
      machine.cpu.flags().set(0x4_7FD7);
      machine.write(vector * 4L, 4, 0x0123_4567L + vector);
      assertThat(machine.execute(0xCD, vector)).isEqualTo("ok");
      tally.check(vector, 0x4567L + vector, machine.cpu.rip());
      assertThat(machine.cpu.cs().base()).isEqualTo(0x1230);
      assertThat(machine.cpu.flags().get()).isEqualTo(0x7CD7);
      assertThat(machine.cpu.general().get64(RSP)).isEqualTo(0x8FFA);
      assertThat(machine.read(0x8FFA, 6)).isEqualTo(0x7FD7_0000_4002L);
    }
    machine.realMode();
    machine.cpu.idtr().set(0, 0x83);
    assertThat(machine.execute(0xCD, 0x20)).isEqualTo("ok");
    machine.realMode();
    machine.cpu.idtr().set(0, 0x82);
    assertThat(machine.execute(0xCD, 0x20)).startsWith("#GP");
    machine.realMode();
    machine.cpu.general().set64(RSP, 3);
    assertThat(machine.execute(0xCD, VECTOR)).isEqualTo("#SS(0000)");
    tally.finish(256);
  }

  @Test
  void ports() {
    for (int mode = 0; mode < 5; mode++) {
      boolean vm = mode == 4;
      int cpl = vm ? 3 : mode;
      for (int iopl = 0; iopl < 4; iopl++) {
        for (int bytes : new int[] {1, 2, 4}) {
          for (int port = 0; port < 0x40; port++) {
            for (int set = 0x10; set < 0x20; set += 5) {
              port(vm, cpl, iopl, port, bytes, set);
            }
          }
        }
      }
    }
    tally.finish(10_000);
  }

  /** A bitmap of 8 bytes of which the last is the terminator; one bit is set. */
  private void port(boolean vm, int cpl, int iopl, int port, int bytes, int set) {
    if (vm) {
      machine.virtual8086(iopl);
    } else {
      machine.protectedMode(cpl);
      machine.cpu.flags().set(2 | iopl << 12);
    }
    machine.cpu.tr().limit(0x68 + 7);
    machine.write(ProtectedMachine.TSS + 102, 2, 0x68);
    machine.write(ProtectedMachine.TSS + 0x68 + set / 8, 1, 1 << set % 8);
    machine.write(ProtectedMachine.TSS + 0x68 + 7, 1, 0xFF);
    boolean denied = false;
    for (int i = port; i < port + bytes; i++) {
      denied |= i == set || i >= 56;
    }
    Case c =
        new Case()
            .with("vm", vm)
            .with("cpl", cpl)
            .with("iopl", iopl)
            .with("beyond", port / 8 + 1 > 7)
            .with("denied", denied);
    String actual = "ok";
    try {
      IoPermission.check(machine.cpu, port, bytes);
    } catch (GuestFault fault) {
      actual = ProtectedMachine.text(fault);
    }
    tally.check(c + " " + port + " " + bytes, RULES.expect("port", c.values()), actual);
  }

  @Test
  void portsNeedA32BitTssWithABitmap() {
    machine.virtual8086(3);
    machine.cpu.tr().access(0x83);
    assertThat(machine.execute(0xE4, 0x10)).isEqualTo("#GP(0000)");
    machine.virtual8086(3);
    machine.cpu.tr().limit(0x66);
    assertThat(machine.execute(0xE4, 0x10)).isEqualTo("#GP(0000)");
    machine.virtual8086(3);
    machine.write(ProtectedMachine.TSS + 102, 2, 0xFFFF);
    assertThat(machine.execute(0xE4, 0x10)).isEqualTo("#GP(0000)");
    machine.virtual8086(3);
    machine.write(ProtectedMachine.TSS + 102, 2, 0x68);
    assertThat(machine.execute(0xE4, 0x10)).isEqualTo("ok");
  }
}
