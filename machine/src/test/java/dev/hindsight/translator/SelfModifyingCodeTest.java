package dev.hindsight.translator;

import static dev.hindsight.translator.Scene.DATA;
import static dev.hindsight.translator.Scene.code;
import static dev.hindsight.translator.Scene.page;
import static dev.hindsight.translator.Scene.user;
import static dev.hindsight.x86.Register.EAX;
import static dev.hindsight.x86.Register.ECX;
import static dev.hindsight.x86.Register.RAX;
import static dev.hindsight.x86.Register.RBX;
import static dev.hindsight.x86.Register.RCX;
import static dev.hindsight.x86.Register.RDI;
import static dev.hindsight.x86.assembler.Arguments.ptr;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.x86.assembler.Label;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Code that writes to itself, or beside itself: both engines do the same at each step. */
final class SelfModifyingCodeTest {
  private static final int INT3 = 3;

  /** Linear address of the first page of code where it is data. */
  private static final long ALIAS = page(5);

  private static long general(FuzzMachine m, int n) {
    return m.cpu(0).general().get64(n);
  }

  private static int vector(FuzzMachine m) {
    return (int) (m.cpu(0).rip() - 1 & 0xFFF) >> 3;
  }

  private static long quad(FuzzMachine m, int codeOffset) {
    return m.memory().peek(FuzzMachine.CODE + codeOffset, 8);
  }

  // ---- data that share a page with code

  /** Stores of all sizes up to the code's first byte, and from the byte behind its last on. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "c6 07 77", // mov byte [rdi], 77h
        "66 c7 07 77 66", // mov word [rdi], 6677h
        "c7 07 77 66 55 44", // mov dword [rdi], 44556677h
        "48 89 07", // mov [rdi], rax
        "0f 11 07", // movups [rdi], xmm0
        "c5 fc 11 07", // vmovups [rdi], ymm0
        "db 3f", // fstp tbyte [rdi]
        "48 01 07", // add [rdi], rax
        "48 87 07", // xchg [rdi], rax
        "f3 aa", // rep stosb
        "8f 07" // pop qword [rdi]
      })
  void storesBesideCode(String hex) {
    byte[] store = HexFormat.of().parseHex(hex.replace(" ", ""));
    for (int begin : new int[] {0x840, 0x82F, 0x800}) {
      Scene s = user(begin).register(0, 0x1122_3344_5566_7788L).register(8, 0).register(2, 1);
      s.x87(0x37F, 0, 0);
      s.vector(0, 0x0102_0304_0506_0708L);
      Label loop = s.a.here("loop");
      // inc r8d; mov ecx, 5
      s.a.bytes(0x41, 0xFF, 0xC0).mov(ECX, 5).bytes(store).add(RDI, RBX);
      // cmp r8d, 12
      s.a.bytes(0x41, 0x83, 0xF8, 12).jb(loop).int3();
      Label end = s.a.here("end");
      s.a.assemble();
      for (int step : new int[] {64, 5, 1}) {
        for (long to :
            new long[] {
              code(begin) - 12L * step - 600,
              code(begin) - 11L * step - 40,
              end.address(),
              end.address() + 9
            }) {
          s.register(7, to).register(3, step);
          s.agrees(
              200,
              m -> assertThat(quad(m, (int) (to - code(0)))).isNotEqualTo(0xCCCC_CCCC_CCCC_CCCCL));
        }
      }
    }
  }

  @Test
  void aStoreOfWhichTheLastByteIsCode() {
    Scene s = user(0x400).register(1, 0).register(3, 0).register(0, 0x5B83_0000_0000_0000L);
    s.register(7, ALIAS + 0x418);
    Label loop = s.a.here("loop");
    Label target = s.a.label("target");
    s.a.inc(ECX).jmp(target);
    s.a.org(code(0x41F)).bind(target).add(RBX, 1).cmp(ECX, 3);
    Label skip = s.a.label("skip");
    s.a.jne(skip);
    // 48h becomes 49h: add r11, 1
    s.a.mov(RAX, 0x4900_0000_0000_0000L).mov(ptr(RDI), RAX);
    s.a.bind(skip).cmp(ECX, 6).jb(loop).int3();
    s.agrees(
        200,
        m -> {
          assertThat(vector(m)).isEqualTo(INT3);
          assertThat(general(m, 3)).isEqualTo(3);
          assertThat(general(m, 11)).isEqualTo(0x1111 * 11 + 3);
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {0x300, 0x3F8, 0x500})
  void theStackBesideCode(long stack) {
    Scene s = user(0x400).register(4, code((int) stack)).register(1, 0);
    Label loop = s.a.here("loop");
    Label function = s.a.label("function");
    s.a.inc(ECX).call(function).push(RCX).pop(RAX).cmp(ECX, 9).jb(loop).int3();
    s.a.bind(function).push(RBX).pop(RBX).ret();
    s.agrees(
        200,
        m -> {
          assertThat(vector(m)).isEqualTo(INT3);
          assertThat(general(m, 0)).isEqualTo(9);
        });
  }

  @Test
  void theStackGrowsIntoTheCode() {
    Scene s = user(0x400).register(1, 0).register(4, code(0x440));
    s.register(3, 0x9090_9090_9090_9090L);
    Label loop = s.a.here("loop");
    s.a.inc(ECX).push(RBX).cmp(ECX, 20).jb(loop).int3();
    s.agrees(100, m -> assertThat(general(m, 1)).isPositive());
  }

  @Test
  void dataBesideCodeOnPagesThatMove() {
    Scene s = user(0x400).remembers().register(1, 0).register(7, code(0x800));
    Label loop = s.a.here("loop");
    s.a.inc(ECX).add(ptr(RDI), RCX).cmp(ECX, 40).jb(loop).int3();
    s.a.org(code(0x800)).quadwords(0);
    s.agrees(300, m -> assertThat(quad(m, 0x800)).isEqualTo(40 * 41 / 2));
  }

  @Test
  void deviceAndOtherCpusWriteBesideCode() {
    Scene s = user(0x400).vcpus(2).register(1, 0).register(1, 1, 0).register(7, ALIAS + 0x800);
    Label loop = s.a.here("loop");
    s.a.inc(ECX).add(ptr(RDI), RCX).cmp(ECX, 40).jb(loop).int3();
    s.a.org(code(0x800)).quadwords(0);
    s.dma(30, 0x804, 1);
    s.dma(50, 0x402, 0x90);
    s.agrees(400, m -> assertThat(quad(m, 0x800)).isGreaterThan(1L << 32));
  }

  /** What was code is data, and code again. */
  @Test
  void codeBecomesData() {
    Scene s = user(0x400).register(1, 0).register(6, code(0x1000)).register(7, code(0x1000));
    Label loop = s.a.here("loop");
    Label function = s.a.label("function");
    s.a.inc(ECX).call(function);
    // mov dword [rdi], 90C3C0FFh less what ECX adds: data, then inc eax; ret
    for (int i = 0; i < 20; i++) {
      s.a.add(ptr(RDI, 4).bytes(4), i);
    }
    s.a.mov(ptr(RDI).bytes(4), 0x90C3_C1FF).mov(ptr(RDI).bytes(4), 0x90C3_C0FF);
    s.a.cmp(ECX, 12).jb(loop).int3();
    s.a.org(code(0x1000)).bind(function).inc(EAX).ret();
    s.agrees(
        600,
        m -> {
          assertThat(vector(m)).isEqualTo(INT3);
          assertThat(general(m, 0)).isEqualTo(12);
        });
  }

  // ---- code that is written

  /** An immediate operand that is another each time, in the same block and in another. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anImmediateOperandThatChanges(boolean alias) {
    Scene s = user(0x400).register(1, 0).register(3, 0).remembers();
    Label loop = s.a.here("loop");
    Label changed = s.a.label("changed");
    s.register(7, (alias ? ALIAS : code(0)) + 0x441);
    s.a.inc(ECX).mov(ptr(RDI).bytes(4), ECX);
    s.a.jmp(changed);
    s.a.org(code(0x440)).bind(changed).mov(EAX, 0x11223344).add(RBX, RAX);
    s.a.cmp(ECX, 60).jb(loop).int3();
    s.agrees(
        1000,
        m -> {
          assertThat(vector(m)).isEqualTo(INT3);
          assertThat(general(m, 3)).isEqualTo(60 * 61 / 2);
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anImmediateOperandThatChangesInTheSameBlock(boolean alias) {
    Scene s = user(0x400).register(1, 0).register(3, 0).register(6, DATA);
    Label loop = s.a.here("loop");
    Label changed = s.a.label("changed");
    s.a.inc(ECX).mov(ptr(RDI).bytes(4), ECX);
    s.a.bind(changed).mov(EAX, 0x11223344).add(RBX, RAX);
    s.a.cmp(ECX, 60).jb(loop).int3();
    s.a.assemble();
    s.register(7, alias ? ALIAS + (changed.address() - code(0)) + 1 : changed.address() + 1);
    s.agrees(
        1000,
        m -> {
          assertThat(vector(m)).isEqualTo(INT3);
          assertThat(general(m, 3)).isEqualTo(60 * 61 / 2);
        });
  }

  /** The interpreter executes the instruction, since it writes to a device. */
  @Test
  void anImmediateOperandForADeviceThatChanges() {
    Scene s = user(0x400).register(1, 0).register(6, page(6) + 8).register(7, ALIAS + 0x442);
    Label loop = s.a.here("loop");
    Label changed = s.a.label("changed");
    s.a.inc(ECX).mov(ptr(RDI).bytes(4), ECX).jmp(changed);
    // mov dword [rsi], imm32
    s.a.org(code(0x440)).bind(changed).bytes(0xC7, 0x06, 1, 0, 0, 0);
    s.a.cmp(ECX, 60).jb(loop).int3();
    s.agrees(1000, m -> assertThat(vector(m)).isEqualTo(INT3));
  }

  /**
   * Operands of all sizes and places, some sign-extended, in instructions of which all can change.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "b0 11", // mov al, imm8
        "66 b8 11 22", // mov ax, imm16
        "b8 11 22 33 44", // mov eax, imm32
        "48 b8 11 22 33 44 55 66 77 88", // mov rax, imm64
        "48 c7 c0 11 22 33 44", // mov rax, imm32
        "41 b9 11 22 33 44", // mov r9d, imm32
        "49 b9 11 22 33 44 55 66 77 88", // mov r9, imm64
        "c6 06 11", // mov byte [rsi], imm8
        "66 c7 06 11 22", // mov word [rsi], imm16
        "c7 06 11 22 33 44", // mov dword [rsi], imm32
        "48 c7 06 11 22 33 44", // mov qword [rsi], imm32
        "04 11", // add al, imm8
        "83 c0 11", // add eax, imm8
        "48 83 d0 11", // adc rax, imm8
        "48 81 d8 11 22 33 44", // sbb rax, imm32
        "41 81 f1 11 22 33 44", // xor r9d, imm32
        "49 83 e9 11", // sub r9, imm8
        "66 41 81 c9 11 22", // or r9w, imm16
        "41 80 e1 11", // and r9b, imm8
        "80 06 11", // add byte [rsi], imm8
        "66 83 16 11", // adc word [rsi], imm8
        "81 2e 11 22 33 44", // sub dword [rsi], imm32
        "48 81 36 11 22 33 44", // xor qword [rsi], imm32
        "80 fc 11", // cmp ah, imm8
        "b4 11", // mov ah, imm8
        "48 3d 11 22 33 44", // cmp rax, imm32
        "41 81 f9 11 22 33 44" // cmp r9d, imm32
      })
  void immediateOperandsOfAllSizes(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    Scene s = user(0x400).register(1, 0).register(6, DATA).register(2, 0x9E37_79B9_7F4A_7C15L);
    s.register(7, code(0x440) + bytes.length - 1).register(3, 0);
    Label loop = s.a.here("loop");
    Label changed = s.a.label("changed");
    // rol rdx, 7; mov [rdi], dl
    s.a.inc(ECX).bytes(0x48, 0xC1, 0xC2, 7, 0x88, 0x17).jmp(changed);
    s.a.org(code(0x440)).bind(changed).bytes(bytes);
    // pushf; add rbx, [rsp]; popf
    s.a.bytes(0x9C, 0x48, 0x03, 0x1C, 0x24, 0x9D);
    s.a.cmp(ECX, 20).jb(loop).int3();
    s.agrees(1000, m -> assertThat(vector(m)).isEqualTo(INT3));
  }

  /** The opcode changes each time: ADD and SUB by turns. */
  @Test
  void anOpcodeThatChanges() {
    Scene s = user(0x400).register(1, 0).register(3, 0).register(7, ALIAS + 0x440);
    Label loop = s.a.here("loop");
    Label changed = s.a.label("changed");
    s.a.inc(ECX).bytes(0x80, 0x37, 0x28); // xor byte [rdi], 28h
    s.a.jmp(changed);
    s.a.org(code(0x440)).bind(changed).bytes(0x01, 0xCB); // add ebx, ecx
    s.a.cmp(ECX, 60).jb(loop).int3();
    s.agrees(
        1000,
        m -> {
          assertThat(vector(m)).isEqualTo(INT3);
          assertThat(general(m, 3)).isEqualTo(30);
        });
  }

  /** Both bytes and length of an instruction change, and the one behind it begins elsewhere. */
  @Test
  void anInstructionThatBecomesAnother() {
    Scene s = user(0x400).register(1, 0).register(3, 0).register(7, code(0x440));
    Label loop = s.a.here("loop");
    Label changed = s.a.label("changed");
    s.a.inc(ECX).bytes(0x83, 0x37, 0x42); // xor dword [rdi], 42h
    s.a.jmp(changed);
    // and al, imm8 is jmp of 8 bits less one bit: here mov ebx, imm32 or stc and what is in it
    s.a.org(code(0x440)).bind(changed).bytes(0xBB, 0x01, 0xCB, 0x90, 0x90);
    s.a.cmp(ECX, 60).jb(loop).int3();
    s.agrees(1000, m -> assertThat(vector(m)).isEqualTo(INT3));
  }

  @Test
  void anotherCpuRewritesCode() {
    Scene s = user(0x400).vcpus(2).register(1, 0).register(3, 0).register(7, ALIAS + 0x441);
    Label loop = s.a.here("loop");
    Label changed = s.a.label("changed");
    s.a.inc(ECX).mov(ptr(RDI).bytes(4), ECX).jmp(changed);
    s.a.org(code(0x440)).bind(changed).mov(EAX, 1).add(RBX, RAX);
    s.a.cmp(ECX, 90).jb(loop).int3();
    s.agrees(1000, m -> assertThat(vector(m)).isEqualTo(INT3));
  }

  @Test
  void anOperandOverTwoPagesChanges() {
    Scene s = user(0xFFD).register(1, 0).register(3, 0).register(7, code(0xFFE));
    s.register(6, code(0x1020));
    // mov eax, imm32, of which two bytes lie in each page; jmp rsi
    Label loop = s.a.here("loop");
    s.a.bytes(0xB8, 1, 0, 0, 0).add(RBX, RAX).bytes(0xFF, 0xE6);
    s.a.org(code(0x1020)).inc(ECX).mov(ptr(RDI).bytes(4), ECX).cmp(ECX, 60);
    Label end = s.a.label("end");
    s.a.jae(end).jmp(loop).bind(end).int3();
    s.agrees(1000, m -> assertThat(general(m, 3)).isEqualTo(1 + 59 * 60 / 2));
  }

  @Test
  void memoryOfAnEarlierTimeComesBack() {
    Scene s = user(0x400).register(1, 0).register(3, 0).register(7, ALIAS + 0x441);
    Label loop = s.a.here("loop");
    Label changed = s.a.label("changed");
    s.a.inc(ECX).mov(ptr(RDI).bytes(4), ECX).jmp(changed);
    s.a.org(code(0x440)).bind(changed).mov(EAX, 1).add(RBX, RAX);
    s.a.cmp(ECX, 90).jb(loop).int3();
    try (EnginePair pair = new EnginePair(1024)) {
      s.agreesThoughMemoryComesBack(pair, 40, 400);
    }
  }
}
