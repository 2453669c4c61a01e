package dev.hindsight.x86.assembler;

import static dev.hindsight.x86.Register.*;
import static dev.hindsight.x86.assembler.Arguments.abs;
import static dev.hindsight.x86.assembler.Arguments.far;
import static dev.hindsight.x86.assembler.Arguments.imm;
import static dev.hindsight.x86.assembler.Arguments.offset;
import static dev.hindsight.x86.assembler.Arguments.ptr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.Mnemonic;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class AssemblerTest {
  @Test
  void encodesAsTheGnuAssemblerDoes() throws IOException {
    List<String> differences = new ArrayList<>();
    int lines = 0;
    try (InputStream in =
            Objects.requireNonNull(AssemblerTest.class.getResourceAsStream("encodings.txt"));
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line : reader.lines().filter(it -> !it.startsWith("#")).toList()) {
        lines++;
        String[] columns = line.split(" +", 3);
        Assembler a = new Assembler(CodeMode.valueOf("BITS" + columns[0]), 0);
        String hex;
        try {
          IntelSyntax.assemble(a, columns[2]);
          hex = HexFormat.of().formatHex(a.assemble());
        } catch (IllegalArgumentException e) {
          hex = e.getMessage();
        }
        if (!columns[1].equals(hex)) {
          differences.add(line + " but was " + hex);
        }
      }
    }
    assertThat(lines).isGreaterThan(200);
    assertThat(differences).isEmpty();
  }

  @Test
  void branchesAreAsShortAsTheirDistanceAdmits() {
    Assembler a = new Assembler(CodeMode.BITS32, 0x1000);
    Label start = a.here("start");
    Label end = a.label("end");
    a.jmp(end);
    a.zeros(127);
    a.bind(end);
    a.je(start);
    assertThat(hex(a)).startsWith("eb7f00").endsWith("000f8479ffffff");
    assertThat(end.address()).isEqualTo(0x1081);

    Assembler b = new Assembler(CodeMode.BITS16, 0);
    Label far = b.label("far");
    b.jne(far);
    b.zeros(128);
    b.bind(far);
    assertThat(hex(b)).startsWith("0f858000");
  }

  @Test
  void explicitReachIsKept() {
    Assembler a = new Assembler(CodeMode.BITS64, 0);
    Label here = a.here("here");
    a.jmpNear(here);
    a.jmpShort(here);
    assertThat(hex(a)).isEqualTo("e9fbffffffebf9");
    Label away = a.label("away");
    a.jmpShort(away);
    a.zeros(200);
    a.bind(away);
    assertThatThrownBy(a::assemble)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("away");
  }

  @Test
  void labelsAreDataAddressesAndOffsets() {
    Assembler a = new Assembler(CodeMode.BITS64, 0x40_0000);
    Label table = a.label("table");
    a.mov(RAX, ptr(table));
    a.mov(EAX, abs(table));
    a.mov(ECX, offset(table).plus(1));
    a.mov(RCX, offset(table).bytes(8));
    a.mov(EDX, ptr(RBX).plus(RCX, 4).plus(table));
    a.bind(table);
    a.datum(offset(table), 8);
    assertThat(hex(a))
        .isEqualTo(
            "488b051d000000"
                + "8b042524004000"
                + "b925004000"
                + "48b92400400000000000"
                + "8b948b24004000"
                + "2400400000000000");
    assertThat(a.symbols()).containsEntry("table", 0x40_0024L);
  }

  @Test
  void bootCodeSwitchesModesInMidStream() {
    Assembler a = new Assembler(CodeMode.BITS16, 0xF_0000).segmentBase(0xF_0000);
    Label gdt = a.label("gdt");
    Label flat = a.label("flat");
    a.operandSize(32).lgdt(abs(gdt).segment(CS));
    a.segmentBase(0).jmpf(far(8, flat, 32)).mode(CodeMode.BITS32);
    a.bind(flat);
    a.mov(EAX, ptr(gdt));
    a.bind(gdt);
    assertThat(hex(a)).isEqualTo("2e660f01161400" + "66ea0f000f000800" + "a114000f00");
  }

  @Test
  void stringInstructionsTakeTheirSizes() {
    Assembler a = new Assembler(CodeMode.BITS64, 0);
    a.rep().movs(8).repne().scas(1).rep().stos(4).lods(2).cmps(1);
    assertThat(hex(a)).isEqualTo("f348a5f2aef3ab66ada6");
    Assembler b = new Assembler(CodeMode.BITS16, 0);
    b.addressSize(32).rep().movs(4);
    assertThat(hex(b)).isEqualTo("f36766a5");
  }

  @Test
  void dataAndFilling() {
    Assembler a = new Assembler(CodeMode.BITS32, 0x10);
    a.bytes(1, 2).words(0x304).align(8, 0x90).doublewords(5).quadwords(-2).asciz("A").org(0x30, 7);
    assertThat(hex(a))
        .isEqualTo(
            "01020403"
                + "90909090"
                + "05000000"
                + "feffffffffffffff"
                + "4100"
                + "07070707"
                + "070707070707");
  }

  @Test
  void whatDoesNotExistIsRefusedInOneSentence() {
    Assembler a = new Assembler(CodeMode.BITS32, 0);
    assertRefused(() -> a.mov(RAX, 1), "MOV RAX", "32-bit code");
    assertRefused(() -> a.mov(ptr(EBX), 1), "how many bytes");
    assertRefused(() -> a.mov(AL, 256), "No form of MOV AL");
    assertRefused(() -> a.mov(EAX, BX), "No form of MOV EAX, BX");
    assertRefused(() -> a.lock().mov(ptr(EBX), EAX), "No form of MOV");
    assertRefused(() -> a.rep().emit(Mnemonic.NOP), "No form of NOP");
    assertRefused(() -> a.add(ptr(AX).bytes(4), 1), "No form of ADD");
    Assembler b = new Assembler(CodeMode.BITS64, 0);
    assertRefused(() -> b.emit(Mnemonic.MOV, AH, R8B), "No form of MOV AH, R8B");
    assertRefused(() -> b.emit(Mnemonic.PUSHA), "No form of PUSHA");
    assertRefused(() -> b.emit(Mnemonic.MOV, imm(1), EAX), "No form of MOV");
    assertRefused(() -> b.lea(EAX, ptr(RBX).plus(RSP, 2)), "No form of LEA");
    assertRefused(() -> b.mov(RAX, b.label("l")), "offset(l)");
    assertRefused(b::assemble, "never bound");
  }

  private static void assertRefused(Runnable action, String... parts) {
    assertThatThrownBy(action::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(parts);
  }

  private static String hex(Assembler a) {
    return HexFormat.of().formatHex(a.assemble());
  }
}
