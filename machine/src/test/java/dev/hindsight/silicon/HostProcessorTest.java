package dev.hindsight.silicon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hindsight.silicon.Outcome.End;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The runner by itself: known code, known results. */
final class HostProcessorTest {
  private static TestCase code(int mode, String hex) {
    CpuState s = new CpuState();
    for (int i = 0; i < 16; i++) {
      s.gpr[i] = 0x1111_1111L * (i + 1);
    }
    s.gpr[6] = Layout.page(1) + 0x100;
    s.gpr[7] = Layout.page(3) - 4;
    s.gpr[4] = Layout.page(2);
    s.rflags = 0x202;
    s.fsBase = Layout.page(1);
    s.xsaveShort(CpuState.FCW, 0x37F);
    s.xsaveInt(CpuState.MXCSR, 0x1F80);
    s.ymm(1, 0, 0x1234);
    s.ymm(1, 3, 0x5678);
    return new TestCase(mode, 0x100, HexFormat.of().parseHex(hex.replace(" ", "")), s);
  }

  @Test
  void runsCodeAndReportsAllOfTheState() throws Exception {
    Optional<String> whyNot = HostProcessor.whyNot();
    assumeTrue(whyNot.isEmpty(), () -> whyNot.orElse(""));
    DataPages pages = DataPages.zeros();
    pages.contents()[1][0x100] = 42;
    List<TestCase> cases = new ArrayList<>();
    cases.add(code(64, "48 01 d8")); // add rax, rbx
    cases.add(code(64, "8b 06 89 46 08")); // mov eax, [rsi]; mov [rsi+8], eax
    cases.add(code(64, "48 89 07")); // mov [rdi], rax into the read-only page
    cases.add(code(64, "0f 05")); // syscall
    cases.add(code(64, "eb fe")); // jmp $
    cases.add(code(32, "40 0e 58")); // inc eax; push cs; pop eax
    cases.add(
        code(
            64,
            "c5 fd 6f d1 64 48 8b 04 25 00 01 00 00")); // vmovdqa ymm2, ymm1; mov rax, fs:[100h]
    cases.add(code(32, "cd 80")); // int 80h
    cases.add(code(64, "d9 e8 d9 eb")); // fld1; fldpi
    try (HostProcessor host = HostProcessor.start(Path.of("target", "silicon"))) {
      for (int round = 0; round < 2; round++) {
        host.submit(pages, cases);
        List<Outcome> got = host.finish();
        assertThat(got.get(0).vector()).isEqualTo(3);
        assertThat(got.get(0).state().rip).isEqualTo(Layout.CODE_BASE + 0x104);
        assertThat(got.get(0).state().gpr[0]).isEqualTo(0x1111_1111L * 5);
        assertThat(got.get(0).changedAddresses()).isEmpty();
        assertThat(got.get(1).changedAddresses()).containsExactly(Layout.page(1) + 0x108);
        assertThat(got.get(1).changedValues()).containsExactly(42);
        assertThat(got.get(2).vector()).isEqualTo(14);
        assertThat(got.get(2).errorCode()).isEqualTo(7);
        assertThat(got.get(2).faultAddress()).isEqualTo(Layout.page(3));
        assertThat(got.get(2).changedAddresses()).isEmpty();
        assertThat(got.get(3).end()).isEqualTo(End.SYSTEM_CALL);
        assertThat(got.get(4).end()).isEqualTo(End.ENDLESS);
        assertThat(got.get(5).state().gpr[0] & 0xFFFF_FFFFL).isEqualTo(0x23);
        assertThat(got.get(5).changedValues()).containsExactly(0x23L << 32);
        assertThat(got.get(6).state().ymm(2, 0)).isEqualTo(0x1234);
        assertThat(got.get(6).state().ymm(2, 3)).isEqualTo(0x5678);
        assertThat(got.get(6).state().gpr[0]).isEqualTo(42);
        assertThat(got.get(7).end()).isEqualTo(End.SYSTEM_CALL);
        assertThat(got.get(8).state().xsaveLong(CpuState.ST0)).isEqualTo(0xC90FDAA22168C235L);
        assertThat(got.get(8).state().xsaveShort(CpuState.FSW) >> 11 & 7).isEqualTo(6);
      }
    }
  }
}
