package dev.hindsight.translator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.board.EngineFactory;
import dev.hindsight.board.InterpreterFactory;
import dev.hindsight.board.Machine;
import dev.hindsight.board.builtin.BuiltinGuest;
import dev.hindsight.board.builtin.BuiltinMachine;
import dev.hindsight.bus.World;
import dev.hindsight.cpu.CpuModels;
import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.Decoder;
import dev.hindsight.x86.Feature;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.Mnemonic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What is found out about the host, and what is made of it. */
@EnabledOnOs(OS.LINUX)
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64")
class HostTest {
  private static final long MOST_NANOSECONDS = 1_000_000;

  /** Linux's names where they are others. */
  private static final Map<Feature, String> NAMES =
      Map.of(
          Feature.SSE3, "pni",
          Feature.SHA, "sha_ni",
          Feature.LAHF64, "lahf_lm",
          Feature.LZCNT, "abm");

  private static final Set<Feature> ASKED =
      EnumSet.of(
          Feature.CMOV,
          Feature.SSE3,
          Feature.PCLMULQDQ,
          Feature.SSSE3,
          Feature.FMA,
          Feature.CX16,
          Feature.SSE4_1,
          Feature.SSE4_2,
          Feature.MOVBE,
          Feature.POPCNT,
          Feature.AES,
          Feature.AVX,
          Feature.F16C,
          Feature.BMI1,
          Feature.AVX2,
          Feature.BMI2,
          Feature.ADX,
          Feature.SHA,
          Feature.LAHF64,
          Feature.LZCNT);

  @Test
  void itLacksWhatLinuxSaysItLacks() throws Exception {
    Set<Feature> lacking = Host.probe().lacking();
    Set<String> linux = linuxFlags();
    for (Feature f : ASKED) {
      String name = NAMES.getOrDefault(f, f.name().toLowerCase(Locale.ROOT));
      assertThat(lacking.contains(f)).as(name).isEqualTo(!linux.contains(name));
    }
  }

  private static Set<String> linuxFlags() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      String flags = lines.filter(l -> l.startsWith("flags")).findFirst().orElseThrow();
      return Set.of(flags.substring(flags.indexOf(':') + 2).split(" "));
    }
  }

  /** SHL EAX, CL. */
  private static final List<FlagProbes.Probe> SHIFT =
      List.of(new FlagProbes.Probe(Mnemonic.SHL, FlagProbes.Form.CL, Opcode.of(0xD2), 4, 32));

  @Test
  void aDifferenceIsFound() throws Exception {
    Set<Mnemonic> differing = Host.probe().differing();
    try (Snippet snippet = new Snippet()) {
      assertThat(FlagProbes.differing(snippet, SHIFT, FlagProbes::interpreted).isEmpty())
          .isEqualTo(!differing.contains(Mnemonic.SHL));
      assertThat(
              FlagProbes.differing(
                  snippet,
                  SHIFT,
                  (m, f, a, b, n, bits) -> {
                    long r = FlagProbes.interpreted(m, f, a, b, n, bits);
                    f.af(!f.af());
                    return r;
                  }))
          .containsExactly(Mnemonic.SHL);
      assertThat(
              FlagProbes.differing(
                  snippet,
                  SHIFT,
                  (m, f, a, b, n, bits) -> FlagProbes.interpreted(m, f, a, b, n, bits) ^ 1))
          .containsExactly(Mnemonic.SHL);
    }
  }

  /** Each is asked the opposite of what it does; then nothing is left that agrees. */
  @Test
  void aDifferenceOfTheX87UnitIsFound() throws Exception {
    assertThat(Host.probe().ofX87())
        .doesNotContain(Mnemonic.FADD, Mnemonic.FLD, Mnemonic.FSTP, Mnemonic.FCOMI);
    try (Snippet snippet = new Snippet();
        HostX87 x87 = new HostX87()) {
      for (X87Probes.Probe p : X87Probes.PROBES) {
        int other = p.keeps() ^ 0x100;
        assertThat(
                X87Probes.differing(
                    snippet,
                    List.of(
                        new X87Probes.Probe(
                            p.mnemonic(), p.before(), p.code(), other, p.mask(), p.expected()))))
            .containsExactly(p.mnemonic());
      }
      assertThat(x87.isAtRest()).isTrue();
    }
  }

  @Test
  void lookingTakesLittleTime() throws Exception {
    Host.probe();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 20; i++) {
      long begin = System.nanoTime();
      Host.probe();
      least = Math.min(least, System.nanoTime() - begin);
    }
    assertThat(least).isLessThan(10 * MOST_NANOSECONDS);
  }

  @Test
  void whatTheHostLacksOrDoesOtherwiseIsLeftToTheInterpreter() throws Exception {
    Host poor =
        new Host(
            EnumSet.of(Feature.CMOV, Feature.POPCNT, Feature.BMI1, Feature.SSE2),
            EnumSet.of(Mnemonic.SHL, Mnemonic.SHR, Mnemonic.AND, Mnemonic.TEST, Mnemonic.BT),
            EnumSet.of(Mnemonic.FADD, Mnemonic.FCOMI));
    long expected = hash(new InterpreterFactory());
    assertThat(hash(TestEngines.on(Host.present()))).isEqualTo(expected);
    assertThat(hash(TestEngines.on(poor))).isEqualTo(expected);
  }

  private static long hash(EngineFactory engines) {
    try (Machine machine =
        BuiltinMachine.builder(new BuiltinGuest(1), CpuModels.V2, 1)
            .engine(engines)
            .world(World.EMPTY)
            .build()) {
      machine.run(20_000_000);
      return machine.digest().total();
    }
  }

  @Test
  void anInstructionIsJudgedByItsRowAndItsFlags() throws Exception {
    Host host =
        new Host(
            EnumSet.of(Feature.BMI1),
            EnumSet.of(Mnemonic.SHL, Mnemonic.TEST),
            EnumSet.of(Mnemonic.FADD));
    // TEST EAX, EDX
    assertThat(host.runs(instruction(0x85, 0xD0), true)).isFalse();
    assertThat(host.runs(instruction(0x85, 0xD0), false)).isTrue();
    // AND EAX, EDX
    assertThat(host.runs(instruction(0x21, 0xD0), true)).isTrue();
    // SHL EAX, 5: its flags are corrected
    assertThat(host.runs(instruction(0xC1, 0xE0, 5), true)).isTrue();
    // FADD and FMUL ST, ST(1)
    assertThat(host.runs(instruction(0xD8, 0xC1), false)).isFalse();
    assertThat(host.runs(instruction(0xD8, 0xC9), false)).isTrue();
    // ANDN EAX, EAX, EDX
    assertThat(host.runs(instruction(0xC4, 0xE2, 0x78, 0xF2, 0xC2), false)).isFalse();
  }

  private static Instruction instruction(int... bytes) {
    return (Instruction)
        new Decoder(CpuModels.V3.features()).decode(CodeMode.BITS64, i -> bytes[i]);
  }
}
