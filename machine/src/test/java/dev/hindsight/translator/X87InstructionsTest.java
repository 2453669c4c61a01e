package dev.hindsight.translator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.VcpuState;
import dev.hindsight.silicon.Values;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The x87 unit is the host's: both engines leave the same in it, and nothing of it gets out. */
final class X87InstructionsTest {
  private static final int RAX = 0;
  private static final int RBX = 3;
  private static final int INT3 = 3;
  private static final int NO_DEVICE = 7;
  private static final int FLOATING_POINT_ERROR = 16;
  private static final int USER_CODE = 0x33;
  private static final int SYSTEM_CODE = 0x10;

  /** Where FNSTENV and FXSAVE write to: data that nothing else is in. */
  private static final int IMAGES = 0x800;

  // parts of FNSTENV's image
  private static final int FIP = 12;
  private static final int FCS = 16;
  private static final int FDP = 20;

  private static final int[] FNSTENV_IMAGE = {0xD9, 0xB3, 0x00, 0x06, 0x00, 0x00};
  private static final int[] FXSAVE_IMAGE = {0x0F, 0xAE, 0x83, 0x40, 0x06, 0x00, 0x00};

  private static int vector(FuzzMachine m) {
    return (int) (m.cpu(0).rip() - 1 & 0xFFF) >> 3;
  }

  private static int image(FuzzMachine m, int offset) {
    return (int) m.memory().peek(FuzzMachine.DATA + IMAGES + offset, 4);
  }

  /** RBX leads to numbers; the images are 600 hexadecimal bytes beyond. */
  private static Scene scene(int mode) {
    return Scene.user(mode, 0x100).register(RBX, Scene.DATA + 0x200);
  }

  private static VcpuState.X87 state(SplittableRandom r, int control, int status, int empty) {
    long[] significands = new long[8];
    int[] signExponents = new int[8];
    for (int n = 0; n < 8; n++) {
      signExponents[n] = Values.signExponent(r);
      significands[n] = Values.significand(r, signExponents[n]);
    }
    return new VcpuState.X87(
        significands, signExponents, control, status, empty, 0x1234, 0x56, 0x789A, 0xBC, 0x5A5);
  }

  /** Each encoding of D8 to DF, and all there is to see of the unit after it. */
  @ParameterizedTest
  @ValueSource(ints = {64, 32})
  void everyEncodingInEveryStateOfTheStack(int mode) {
    SplittableRandom r = new SplittableRandom(mode);
    int[] empty = {0x00, 0xFF, 0x0F, 0xA5, 0x7F, 0x01};
    int[] controls = {0x37F, 0x37F, 0x07F, 0x27F, 0xF7F, 0x67F, 0xB7F, 0x17F, 0x372, 0x40};
    try (EnginePair pair = new EnginePair(1024)) {
      for (int opcode = 0xD8; opcode <= 0xDF; opcode++) {
        for (int modrm = 0; modrm < 0x100; modrm += modrm < 0xC0 ? 8 : 1) {
          if (modrm < 0xC0 && modrm >= 0x40) {
            modrm = 0xC0;
          }
          for (int e : empty) {
            Scene s = scene(mode);
            int status = r.nextInt() & 0x7F00 | r.nextInt() & 0x3F;
            int control = controls[r.nextInt(controls.length)];
            s.x87(state(r, control, pending(control, status), e));
            for (int i = 0; i < 4; i++) {
              s.quad(0, 0x200 + 8 * i, r.nextBoolean() ? Values.binary64(r) : Values.integer(r));
            }
            // FXCH is noted too, and what follows is executed with what is there then
            s.a.bytes(0xD9, 0xC9).bytes(opcode, modrm < 0xC0 ? modrm | 3 : modrm);
            s.a.bytes(0xD9, 0xC9).bytes(0x74, 0x00).bytes(FXSAVE_IMAGE).bytes(FNSTENV_IMAGE).int3();
            s.agrees(pair, 30, m -> {});
          }
        }
      }
    }
  }

  private static int pending(int control, int status) {
    return (status & ~control & 0x3F) != 0 ? status | 0x8080 : status;
  }

  private static void agrees(Scene s, Consumer<FuzzMachine> check) {
    s.agrees(60, check);
  }

  @Test
  void theLastInstructionAndItsOperandAreTheGuests() {
    Scene s = scene(64).register(RAX, 0x10);
    // FLD QWORD PTR [RBX + RAX]; FMUL ST, ST(1); INC EAX; FNSTENV
    s.a.bytes(0xDD, 0x04, 0x03).bytes(0xD8, 0xC9).bytes(0xFF, 0xC0).bytes(FNSTENV_IMAGE).int3();
    agrees(
        s,
        m -> {
          assertThat(image(m, FIP)).isEqualTo((int) Scene.code(0x103));
          assertThat(image(m, FCS)).isEqualTo(0x00C9_0000 | USER_CODE);
          assertThat(image(m, FDP)).isEqualTo((int) Scene.DATA + 0x210);
        });
  }

  @Test
  void anInstructionThatFaultsIsNotNoted() {
    Scene s = scene(64).register(RAX, Scene.page(13));
    // FLDPI; FLD DWORD PTR [RBX]; INC EAX; FLD QWORD PTR [RAX]
    s.a.bytes(0xD9, 0xEB).bytes(0xD9, 0x03).bytes(0xFF, 0xC1).bytes(0xDD, 0x00).int3();
    agrees(
        s,
        m -> {
          assertThat(vector(m)).isEqualTo(14);
          assertThat(m.cpu(0).x87().instructionPointer()).isEqualTo(Scene.code(0x102));
          assertThat(m.cpu(0).x87().dataPointer()).isEqualTo(Scene.DATA + 0x200);
        });
  }

  @Test
  void operandsOfTenBytesInTwoPages() {
    for (int distance = 1; distance <= 10; distance++) {
      Scene s = scene(64).register(RAX, Scene.page(2) - distance);
      s.quad(0, 0xFF8, 0x1234_5678_9ABC_DEF0L).quad(1, 0, 0x8765_4321_0FED_CBA9L);
      // FLD TBYTE PTR [RAX]; FLD1; FADD; FSTP TBYTE PTR [RAX - 1]
      s.a.bytes(0xDB, 0x28).bytes(0xD9, 0xE8).bytes(0xDE, 0xC1).bytes(0xDB, 0x78, 0xFF).int3();
      agrees(s, m -> assertThat(vector(m)).isEqualTo(INT3));
    }
  }

  /** FIP, FCS and FDS are of the level at which they were, though the system call is emitted. */
  @Test
  void selectorsAreThoseOfTheirLevel() {
    Scene s = Scene.supervisor().register(RBX, Scene.DATA + 0x200);
    int user = 0x180;
    int entry = 0x200;
    writeMsr(s, 0xC000_0081, 0x20L << 48 | (long) SYSTEM_CODE << 32);
    writeMsr(s, 0xC000_0082, Scene.code(entry));
    writeMsr(s, 0xC000_0084, 0x4_0000);
    s.a.bytes(0xBA, 20, 0, 0, 0); // MOV EDX, 20
    s.a.bytes(0xB9).doublewords((int) Scene.code(user)); // MOV ECX, user
    s.a.bytes(0x41, 0xBB, 0x02, 0x02, 0, 0); // MOV R11D, 202h
    s.a.bytes(0x48, 0x0F, 0x07); // SYSRET
    s.a.org(Scene.code(user));
    // FLD1; FSTP QWORD PTR [RSP - 16]; SYSCALL; JMP to the first
    s.a.bytes(0xD9, 0xE8).bytes(0xDD, 0x5C, 0x24, 0xF0).bytes(0x0F, 0x05).bytes(0xEB, -10);
    s.a.org(Scene.code(entry));
    s.a.bytes(FNSTENV_IMAGE);
    // FLDZ; FSTP ST(0); DEC EDX; JE +3; SYSRET; INT3
    s.a.bytes(0xD9, 0xEE, 0xDD, 0xD8, 0xFF, 0xCA, 0x74, 0x03, 0x48, 0x0F, 0x07).int3();
    s.agrees(
        400,
        m -> {
          assertThat(vector(m)).isEqualTo(INT3);
          assertThat(image(m, FCS) & 0xFFFF).isEqualTo(USER_CODE);
          assertThat(image(m, FIP)).isEqualTo((int) Scene.code(user + 2));
          assertThat(m.cpu(0).x87().instructionSelector()).isEqualTo(SYSTEM_CODE);
        });
  }

  private static void writeMsr(Scene s, int number, long value) {
    s.a.bytes(0xB9).doublewords(number); // MOV ECX
    s.a.bytes(0xB8).doublewords((int) value); // MOV EAX
    s.a.bytes(0xBA).doublewords((int) (value >>> 32)); // MOV EDX
    s.a.bytes(0x0F, 0x30);
  }

  @Test
  void taskSwitchedIsNoticed() {
    Scene s = Scene.supervisor().register(RBX, Scene.DATA + 0x200);
    // FLDPI; MOV RAX, CR0; OR AL, 8; MOV CR0, RAX; INC ECX; FLD1
    s.a.bytes(0xD9, 0xEB).bytes(0x0F, 0x20, 0xC0).bytes(0x0C, 0x08).bytes(0x0F, 0x22, 0xC0);
    s.a.bytes(0xFF, 0xC1).bytes(0xD9, 0xE8).int3();
    agrees(
        s,
        m -> {
          assertThat(vector(m)).isEqualTo(NO_DEVICE);
          assertThat(m.cpu(0).x87().instructionPointer()).isEqualTo(Scene.code(0x100));
        });
    for (int bits : new int[] {ControlRegisters.CR0_EM, ControlRegisters.CR0_TS}) {
      Scene other = scene(64).control(bits, 0, 7);
      // INC ECX; FLD1
      other.a.bytes(0xFF, 0xC1).bytes(0xD9, 0xE8).int3();
      agrees(other, m -> assertThat(vector(m)).isEqualTo(NO_DEVICE));
    }
  }

  @Test
  void exceptionsThatAreUnmaskedInTheMiddle() {
    for (int word = 0x340; word <= 0x37F; word++) {
      Scene s = scene(64).x87(0x37F, 0, 0xFF).quad(0, 0x200, word);
      // FLD1; FLDZ; FLDCW [RBX]; FDIV ST(1), ST; INC ECX; FLDPI
      s.a.bytes(0xD9, 0xE8, 0xD9, 0xEE).bytes(0xD9, 0x2B).bytes(0xDC, 0xF9).bytes(0xFF, 0xC1);
      s.a.bytes(0xD9, 0xEB).int3();
      int vector = (word & 4) == 0 ? FLOATING_POINT_ERROR : INT3;
      agrees(s, m -> assertThat(vector(m)).isEqualTo(vector));
    }
  }

  /** Rounds up to 24 bits in the guest, and to nearest in Java. */
  @Test
  void roundingIsNotJavas() {
    double[] third = {3};
    for (int control : new int[] {0x37F, 0x07F, 0x87F, 0xC7F, 0xB7F}) {
      Scene s = scene(64).x87(control, 0, 0xFF);
      s.a.bytes(0xD9, 0xE8, 0xD9, 0xEB, 0xDE, 0xF9).bytes(0xDB, 0x7B, 0x10).int3();
      agrees(
          s,
          m -> {
            assertThat(vector(m)).isEqualTo(INT3);
            assertThat(Double.doubleToRawLongBits(1 / third[0])).isEqualTo(0x3FD5_5555_5555_5555L);
            assertThat(third[0] % 1.25).isEqualTo(0.5);
          });
    }
  }

  /** MMX registers are the x87 registers, whatever the top was. */
  @Test
  void mmxAndX87ShareTheirRegisters() {
    Scene s = scene(64).quad(0, 0x200, 0x0102_0304_0506_0708L);
    // FLD1; MOVQ MM3, [RBX]; PADDB MM3, MM3; MOVQ [RBX + 8], MM3; FNSTENV; EMMS; FLDPI
    s.a.bytes(0xD9, 0xE8).bytes(0x0F, 0x6F, 0x1B).bytes(0x0F, 0xFC, 0xDB);
    s.a.bytes(0x0F, 0x7F, 0x5B, 0x08).bytes(FXSAVE_IMAGE).bytes(0x0F, 0x77);
    s.a.bytes(0xD9, 0xEB).bytes(FNSTENV_IMAGE).int3();
    agrees(
        s,
        m -> {
          Vcpu cpu = m.cpu(0);
          assertThat(vector(m)).isEqualTo(INT3);
          assertThat(cpu.x87().significand(3)).isEqualTo(0x0204_0608_0A0C_0E10L);
          assertThat(cpu.x87().signExponent(3)).isEqualTo(0xFFFF);
          assertThat(cpu.x87().top()).isEqualTo(7);
          assertThat(cpu.x87().emptyMask()).isEqualTo(0x7F);
        });
  }
}
