package dev.hindsight.translator;

import static dev.hindsight.translator.Scene.DATA;
import static dev.hindsight.translator.Scene.STACK_TOP;
import static dev.hindsight.translator.Scene.code;
import static dev.hindsight.translator.Scene.entryOfCode;
import static dev.hindsight.translator.Scene.page;
import static dev.hindsight.translator.Scene.supervisor;
import static dev.hindsight.translator.Scene.user;
import static dev.hindsight.x86.Register.EAX;
import static dev.hindsight.x86.Register.EBX;
import static dev.hindsight.x86.Register.ECX;
import static dev.hindsight.x86.Register.RAX;
import static dev.hindsight.x86.Register.RBX;
import static dev.hindsight.x86.Register.RDI;
import static dev.hindsight.x86.Register.RSI;
import static dev.hindsight.x86.assembler.Arguments.ptr;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.x86.Register;
import dev.hindsight.x86.assembler.Label;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is hard for a translator: both engines, whatever the slices, do the same. */
final class HardCasesTest {
  private static final int GENERAL_PROTECTION = 13;
  private static final int PAGE_FAULT = 14;
  private static final int INT3 = 3;

  private static long general(FuzzMachine m, int n) {
    return m.cpu(0).general().get64(n);
  }

  /** Vector of the exception that ended it. */
  private static int vector(FuzzMachine m) {
    return vector(m.cpu(0));
  }

  private static int vector(Vcpu cpu) {
    return (int) (cpu.rip() - 1 & 0xFFF) >> 3;
  }

  // ---- code

  @Test
  void jumpsIntoTheMiddleOfAnInstruction() {
    Scene s = user().register(3, 0).register(1, 0);
    // mov eax, 9005C383h; from the second byte on: add ebx, 5; nop
    s.a.bytes(0xB8, 0x83, 0xC3, 0x05, 0x90);
    s.a.inc(ECX).cmp(ECX, 4).bytes(0x72, -(5 + 2 + 3 + 2) + 1).int3();
    s.agrees(
        100,
        m -> {
          assertThat(vector(m)).isEqualTo(INT3);
          assertThat(general(m, 0)).isEqualTo(0x9005_C383L);
          assertThat(general(m, 3)).isEqualTo(15);
        });
  }

  @Test
  void codeAcrossPagesOfWhichTheSecondIsMappedAnew() {
    int begin = FuzzMachine.PAGE - 3;
    Scene s = user(begin).register(1, 0).register(3, 0).register(7, entryOfCode(1));
    Label loop = s.a.here("loop");
    // mov eax, imm32, of which two bytes lie in each page
    s.a.bytes(0xB8, 1, 0);
    // the second page as it is mapped at first
    s.a.bytes(0, 0).add(RBX, RAX).inc(ECX).cmp(ECX, 3).jb(loop);
    s.a.org(code(0x1029), 0x90);
    s.a.mov(ptr(RDI).bytes(8), FuzzMachine.CODE + 2 * FuzzMachine.PAGE | 7);
    // and later: another immediate, and the way back where the store ends
    s.a.org(code(0x2000)).bytes(0x10, 0).add(RBX, RAX).int3();
    s.a.org(code(0x2030)).bytes(0xE9).doublewords(begin - 0x1035);
    s.agrees(
        200,
        m -> {
          assertThat(vector(m)).isEqualTo(INT3);
          assertThat(general(m, 3)).isEqualTo(3 + 0x10_0001);
        });
  }

  /** Whether displacement and place in the page fit 32 bits together depends on the place. */
  @ParameterizedTest
  @ValueSource(ints = {0x40, 0x800, 0xFF0, 0x1040})
  void operandsTwoGibibytesAway(int at) {
    Scene s = user(at < FuzzMachine.PAGE ? 0 : FuzzMachine.PAGE - 0x40).register(6, code(at));
    s.a.inc(ECX).jmp(RSI);
    s.a.org(code(at));
    // movq mm0,[rip+7FFFF0FFh]
    s.a.bytes(0x0F, 0x6F, 0x05, 0xFF, 0xF0, 0xFF, 0x7F);
    s.agrees(100, m -> assertThat(vector(m)).isEqualTo(PAGE_FAULT));
  }

  @Test
  void codeThatUnmapsItself() {
    Scene s = user().register(7, entryOfCode(0));
    s.a.inc(ECX).mov(ptr(RDI).bytes(8), 0);
    Label after = s.a.here("after");
    s.a.inc(ECX).inc(ECX).int3();
    s.agrees(
        50,
        m -> {
          assertThat(vector(m)).isEqualTo(PAGE_FAULT);
          assertThat(m.cpu(0).control().cr2()).isEqualTo(after.address());
          assertThat(general(m, 1)).isEqualTo(0x1112);
        });
  }

  @Test
  void codeInDeviceRegisters() {
    Scene s = user().mapCode(2, FuzzMachine.REGISTERS | 5).register(6, code(0x2000));
    s.a.inc(ECX).jmp(RSI);
    s.agrees(100, m -> assertThat(general(m, 1)).isNotEqualTo(0x1111));
  }

  @Test
  void codeInRom() {
    Scene s = user().mapCode(2, FuzzMachine.ROM | 7).register(6, code(0x2000));
    // a store into the ROM changes nothing
    s.a.mov(ptr(RSI).bytes(8), 0).jmp(RSI);
    s.agrees(500, m -> assertThat(m.cpu(0).rip()).isBetween(code(0x2000) + 100, code(0x3000)));
  }

  @Test
  void codeWrittenThroughAnAliasWhileOthersJumpToIt() {
    Scene s = user().register(1, 0).register(3, 0);
    Label target = s.a.label("target");
    Label loop = s.a.here("loop");
    s.a.inc(ECX).jmp(target);
    s.a.org(code(0x140)).bind(target);
    s.a.mov(EAX, 1).add(RBX, RAX).cmp(ECX, 3);
    Label skip = s.a.label("skip");
    s.a.jne(skip);
    s.a.add(ptr(RDI).bytes(4), 0x100);
    s.a.bind(skip).cmp(ECX, 6).jb(loop).int3();
    s.register(7, page(5) + 0x141);
    s.agrees(
        200,
        m -> {
          assertThat(vector(m)).isEqualTo(INT3);
          assertThat(general(m, 3)).isEqualTo(3 + 3 * 0x101);
        });
  }

  @Test
  void codeWrittenByADeviceWhileOthersJumpToIt() {
    Scene s = user().register(1, 0).register(3, 0);
    Label loop = s.a.here("loop");
    Label target = s.a.label("target");
    s.a.inc(ECX).jmp(target);
    s.a.org(code(0x140)).bind(target);
    s.a.mov(EAX, 1).add(RBX, RAX).cmp(ECX, 20).jb(loop).int3();
    s.dma(50, 0x142, 1);
    s.agrees(
        200,
        m -> {
          assertThat(vector(m)).isEqualTo(INT3);
          assertThat(general(m, 3)).isGreaterThan(20 + 0x100 * 5);
        });
  }

  @Test
  void anInstructionThatChangesTheNext() {
    Scene s = user();
    Label next = s.a.label("next");
    s.a.mov(ptr(next).bytes(1), 0x41).bind(next).bytes(0xFF, 0xC0).int3();
    // inc eax becomes inc r8d
    s.agrees(
        20,
        m -> {
          assertThat(vector(m)).isEqualTo(INT3);
        });
  }

  @Test
  void aPageIsMappedAnewWhileLinksLeadIntoIt() {
    Scene s = user().register(1, 0).register(3, 0).register(7, entryOfCode(1));
    Label function = s.a.label("function");
    Label loop = s.a.here("loop");
    s.a.inc(ECX).call(function).cmp(ECX, 5);
    Label skip = s.a.label("skip");
    s.a.jne(skip);
    s.a.mov(ptr(RDI).bytes(8), FuzzMachine.CODE + 2 * FuzzMachine.PAGE | 7);
    s.a.bind(skip).cmp(ECX, 10).jb(loop).int3();
    s.a.org(code(0x1000)).bind(function).add(RBX, 1).ret();
    s.a.org(code(0x2000)).add(RBX, 0x10).ret();
    s.agrees(
        200,
        m -> {
          assertThat(vector(m)).isEqualTo(INT3);
          assertThat(general(m, 3)).isEqualTo(5 + 5 * 0x10);
        });
  }

  @Test
  void twoCpusShareTranslatedCode() {
    Scene s = user().vcpus(2).register(1, 0).register(1, 1, 0);
    s.register(0, 3, 1).register(1, 3, 0x1000).register(6, DATA);
    Label loop = s.a.here("loop");
    Label function = s.a.label("function");
    s.a.add(ptr(RSI), RBX).inc(ECX).call(function).cmp(ECX, 30).jb(loop).int3();
    s.a.org(code(0x1000)).bind(function).push(RBX).pop(RAX).ret();
    s.agrees(
        1000,
        m -> {
          for (int i = 0; i < 2; i++) {
            assertThat(vector(m.cpu(i))).isEqualTo(INT3);
            assertThat(m.cpu(i).general().get64(0)).isEqualTo(i == 0 ? 1 : 0x1000);
          }
          assertThat(m.memory().peek(FuzzMachine.DATA, 8)).isEqualTo(30 * 0x1001);
        });
  }

  // ---- memory

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void comparesAndExchangesSixteenBytes(int differing) {
    Scene s = user().register(6, DATA).quad(0, 0x40, 5).quad(0, 0x48, 6);
    s.register(0, 5 + (differing & 1)).register(2, 6 + (differing >> 1)).register(3, 7);
    s.register(1, 8);
    // ZF is first what it is not to become
    s.a.cmp(EBX, differing == 0 ? ECX : EBX);
    s.a.lock().cmpxchg16b(ptr(RSI, 0x40).bytes(16)).pushf().int3();
    s.agrees(
        20,
        m -> {
          assertThat(vector(m)).isEqualTo(INT3);
          assertThat(m.memory().read(FuzzMachine.DATA + 0x40, 8)).isEqualTo(differing == 0 ? 7 : 5);
          assertThat(m.memory().read(FuzzMachine.DATA + 0x48, 8)).isEqualTo(differing == 0 ? 8 : 6);
          assertThat(general(m, 0)).isEqualTo(5);
          assertThat(general(m, 2)).isEqualTo(6);
          assertThat(m.cpu(0).flags().zf()).isEqualTo(differing == 0);
        });
  }

  @Test
  void sixteenBytesToExchangeMustBeAlignedAndWritable() {
    Scene unaligned = user().register(6, page(0) + 8);
    unaligned.a.inc(ECX).lock().cmpxchg16b(ptr(RSI).bytes(16)).int3();
    unaligned.agrees(20, m -> assertThat(vector(m)).isEqualTo(GENERAL_PROTECTION));
    Scene readOnly = user().register(6, page(3));
    readOnly.a.inc(ECX).lock().cmpxchg16b(ptr(RSI).bytes(16)).int3();
    readOnly.agrees(20, m -> assertThat(vector(m)).isEqualTo(PAGE_FAULT));
  }

  // ---- the stack

  @Test
  void pushOfMemoryWithoutAStackToPushTo() {
    Scene s = user().register(4, page(3) + 0x108).register(6, DATA);
    s.a.inc(ECX).push(ptr(RSI).bytes(8)).int3();
    s.agrees(
        20,
        m -> {
          assertThat(vector(m)).isEqualTo(PAGE_FAULT);
          assertThat(m.cpu(0).control().cr2()).isEqualTo(page(3) + 0x100);
        });
  }

  @Test
  void popToMemoryThatIsNotThere() {
    Scene s = user().register(6, page(0));
    s.a.inc(ECX).pop(ptr(RSI).bytes(8)).int3();
    s.agrees(20, m -> assertThat(m.cpu(0).control().cr2()).isEqualTo(page(0)));
  }

  @Test
  void callWithoutAStackGoesNowhere() {
    for (long rsp : new long[] {page(1), page(1) + 4, page(3) + 64, page(4) + 64, 1L << 47}) {
      Scene s = user().register(4, rsp);
      Label function = s.a.label("function");
      s.a.inc(ECX).call(function).int3();
      s.a.org(code(0x1000)).bind(function).inc(ECX).int3();
      s.agrees(20, m -> assertThat(general(m, 1)).isEqualTo(0x1112));
    }
  }

  @Test
  void callAndReturnAcrossTheEndOfAStackPage() {
    Scene s = user().register(4, page(2) + 4);
    Label function = s.a.label("function");
    s.a.inc(ECX).call(function).int3();
    s.a.org(code(0x1000)).bind(function).inc(ECX).ret();
    s.agrees(20, m -> assertThat(general(m, 1)).isEqualTo(0x1113));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "54", // push rsp
        "5c", // pop rsp
        "8f 04 24", // pop [rsp]
        "8f 44 24 08", // pop [rsp+8]
        "8f 44 24 f8", // pop [rsp-8]
        "ff 34 24", // push [rsp]
        "ff 74 24 f8", // push [rsp-8]
        "66 54", // push sp
        "66 5c", // pop sp
        "66 50", // push ax
        "66 6a ff", // push word -1
        "c9", // leave
        "66 c9", // leave of 16 bits
        "c8 10 00 00", // enter 16, 0
        "c8 10 00 02", // enter 16, 2
        "c2 10 00", // ret 16
        "c2 ff ff", // ret 65535
        "ff 14 24", // call [rsp]
        "ff 24 24", // jmp [rsp]
        "ff d4", // call rsp
        "ff e4", // jmp rsp
        "87 24 24", // xchg [rsp], esp
        "48 87 24 24", // xchg [rsp], rsp; in 32-bit code dec eax first
        "83 c4 f0", // add esp, -16
        "48 8d 64 24 f0", // lea rsp, [rsp-16]
        "89 e5 5d", // mov ebp, esp; pop ebp
        "9c 9d" // pushf; popf
      })
  void stackPointerAsOperand(String hex) {
    for (int mode : new int[] {64, 32}) {
      Scene s = user(mode, 0x100).register(5, STACK_TOP + 64).register(0, code(0x140));
      for (int at = 0x700; at < 0x900; at += 8) {
        long target = code(0x140);
        s.quad(6, at, mode == 64 ? target : target << 32 | target);
      }
      s.a.inc(ECX);
      s.a.bytes(HexFormat.of().parseHex(hex.replace(" ", "")));
      s.a.inc(EBX).push(accumulator(mode)).int3();
      s.a.org(code(0x140), 0xCC).inc(ECX).int3();
      s.agrees(20, m -> assertThat(general(m, 1) & 0xFFFF).isGreaterThan(0x1111));
    }
  }

  private static Register accumulator(int mode) {
    return mode == 64 ? RAX : EAX;
  }

  // ---- vectors

  @Test
  void vectorInstructionsThatTheSystemHasNotEnabled() {
    int[][] controls = {
      {ControlRegisters.CR0_TS, 0, 7, 7},
      {ControlRegisters.CR0_EM, 0, 7, 6},
      {0, ControlRegisters.CR4_OSFXSR, 7, 6},
      {0, 0, 7, INT3},
    };
    for (int[] control : controls) {
      Scene s = user().control(control[0], control[1], control[2]);
      s.a.inc(ECX).bytes(0x0F, 0x58, 0xC1).inc(ECX).int3(); // addps xmm0, xmm1
      s.agrees(20, m -> assertThat(vector(m)).isEqualTo(control[3]));
    }
    int[][] avx = {
      {0, ControlRegisters.CR4_OSXSAVE, 7, 6},
      {0, 0, 3, 6},
      {0, 0, 1, 6},
      {ControlRegisters.CR0_TS, 0, 7, 7},
      {0, 0, 7, INT3}
    };
    for (int[] control : avx) {
      Scene s = user().control(control[0], control[1], control[2]);
      s.a.inc(ECX).bytes(0xC5, 0xF4, 0x58, 0xC1).inc(ECX).int3(); // vaddps ymm0, ymm1, ymm1
      s.agrees(20, m -> assertThat(vector(m)).isEqualTo(control[3]));
    }
  }

  @Test
  void taskSwitchedIsSetBetweenTwoVectorInstructions() {
    Scene s = supervisor().register(1, 0);
    Label loop = s.a.here("loop");
    s.a.bytes(0x0F, 0x58, 0xC1).inc(ECX).cmp(ECX, 3).jb(loop);
    s.a.bytes(0x0F, 0x20, 0xC0).or(EAX, 8).bytes(0x0F, 0x22, 0xC0).jmp(loop);
    s.agrees(
        60,
        m -> {
          assertThat(vector(m)).isEqualTo(7);
          assertThat(general(m, 1)).isEqualTo(3);
        });
  }

  @Test
  void unmaskedExceptionsOfSse() {
    for (int unexpected : new int[] {0, ControlRegisters.CR4_OSXMMEXCPT}) {
      Scene s = user().control(0, unexpected, 7).register(6, DATA).quad(0, 0, 0x1D80);
      s.vector(0, 0x3F80_0000_3F80_0000L).vector(1, 0);
      // divide by zero, masked; then as MXCSR is loaded anew
      s.a.bytes(0x0F, 0x5E, 0xC1).inc(ECX).ldmxcsr(ptr(RSI).bytes(4));
      s.vector(2, 0x3F80_0000_3F80_0000L);
      s.a.inc(ECX).bytes(0x0F, 0x5E, 0xD1).inc(ECX).int3();
      s.agrees(
          30,
          m -> {
            assertThat(vector(m)).isEqualTo(unexpected == 0 ? 19 : 6);
            assertThat(general(m, 1)).isEqualTo(0x1113);
          });
    }
  }

  @Test
  void denormalsAreZerosAndFlushedAsMxcsrSays() {
    for (int mxcsr : new int[] {0x1F80, 0x1FC0, 0x9F80, 0x9FC0, 0xFFC0, 0x7F80, 0x3F80, 0x5F80}) {
      Scene s = user().mxcsr(mxcsr).register(6, DATA).quad(0, 0, 0x1F80);
      s.vector(0, 0x0000_0001_0080_0000L).vector(1, 0x3F00_0000_3F00_0000L);
      s.vector(2, 1).vector(3, 0x3FE0_0000_0000_0000L).vector(4, 0x0010_0000_0000_0000L);
      s.a.bytes(0x0F, 0x59, 0xC1); // mulps xmm0, xmm1
      s.a.bytes(0xF2, 0x0F, 0x59, 0xE3); // mulsd xmm4, xmm3
      s.a.stmxcsr(ptr(RSI, 8).bytes(4)).ldmxcsr(ptr(RSI).bytes(4));
      s.a.bytes(0xF2, 0x0F, 0x58, 0xD2); // addsd xmm2, xmm2
      s.a.bytes(0xF2, 0x0F, 0x5A, 0xEC); // cvtsd2ss xmm5, xmm4
      s.a.stmxcsr(ptr(RSI, 16).bytes(4)).int3();
      boolean daz = (mxcsr & 0x40) != 0;
      boolean ftz = (mxcsr & 0x8000) != 0;
      s.agrees(
          30,
          m -> {
            assertThat(vector(m)).isEqualTo(INT3);
            assertThat(m.cpu(0).vectors().get(2, 0)).isEqualTo(2);
            assertThat(m.cpu(0).vectors().get(4, 0) == 0).isEqualTo(ftz);
            int sticky = (int) m.memory().peek(FuzzMachine.DATA + 8, 4);
            assertThat((sticky & 2) == 0).isEqualTo(daz);
          });
    }
  }

  // ---- division

  @Test
  void divisionByZeroAndOverflow() {
    long[][] operands = {
      {0, 0, 0},
      {1, 0, 0},
      {0, 1, 1},
      {5, 2, 2},
      {-1, -1, -1},
      {0, Long.MIN_VALUE, -1},
      {-1, Long.MIN_VALUE, -1},
      {-1, Integer.MIN_VALUE, -1},
      {0xFFFF_FFFFL, 0x8000_0000L, -1},
      {0xFFFF, 0x8000, -1},
      {0, 0xFF80, 0xFF},
      {0, 0x8000, 0x80},
      {0, 100, 7},
      {-1, -100, 7},
      {0, 100, -7},
      {6, -1, 7},
      {7, 0, 7},
      {3, 0, 7},
      {-4, 0, 7},
      {1, 0, Long.MIN_VALUE}
    };
    // div and idiv of r/m8, 16, 32 and 64 with RBX, BH, and memory at RSI
    String[] codes = {
      "f6 f3", "66 f7 f3", "f7 f3", "48 f7 f3", "f6 f7", "f6 36", "66 f7 36", "f7 36", "48 f7 36",
      "f6 fb", "66 f7 fb", "f7 fb", "48 f7 fb", "f6 ff", "f6 3e", "66 f7 3e", "f7 3e", "48 f7 3e",
      "f7 f2", "f7 f0", "48 f7 fa", "48 f7 f8"
    };
    try (EnginePair pair = new EnginePair(1024)) {
      for (long[] o : operands) {
        for (String hex : codes) {
          Scene s = user().register(2, o[0]).register(0, o[1]).register(3, o[2]);
          s.register(6, DATA).quad(0, 0, o[2]);
          s.a.inc(ECX).bytes(HexFormat.of().parseHex(hex.replace(" ", "")));
          s.a.inc(ECX).int3();
          s.agrees(pair, 20, m -> assertThat(vector(m)).isIn(0, INT3));
        }
      }
    }
  }
}
