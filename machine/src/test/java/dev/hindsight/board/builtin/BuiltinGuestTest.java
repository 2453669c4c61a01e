package dev.hindsight.board.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.board.Image;
import dev.hindsight.board.Machine;
import dev.hindsight.board.Outcome;
import dev.hindsight.board.OutputListener;
import dev.hindsight.board.PcChipset;
import dev.hindsight.bus.Input;
import dev.hindsight.bus.ScriptedWorld;
import dev.hindsight.bus.World;
import dev.hindsight.cpu.CpuModel;
import dev.hindsight.cpu.CpuModels;
import dev.hindsight.cpu.instructions.InstructionSet;
import dev.hindsight.cpu.interpreter.Interpreter;
import dev.hindsight.x86.Decoder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.Adler32;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BuiltinGuestTest {
  private static final long LONG_ENOUGH = 100_000_000;
  private static final int ROUNDS = 3;

  /** Ticks at which somebody begins to type: while the tasks compute, and when they are done. */
  private static final long MEANWHILE = 300_000;

  private static final long AFTERWARDS = 10_000_000;
  private static final String TYPED = "help\rupx\btime\rtasks\rnonsense\rwait\r";

  private final byte[] rom = new BuiltinGuest(ROUNDS, 30_000).rom();

  @ParameterizedTest
  @CsvSource({"v2, 1", "v2, 2", "v3, 2", "v3, 3", "v2, 8", "v3, 10"})
  void computesWhatItComputesElsewhere(String model, int vcpus) throws IOException {
    StringBuilder console = new StringBuilder();
    try (Machine machine =
        machine(
            CpuModels.byName(model),
            vcpus,
            typed(TYPED, AFTERWARDS),
            console,
            Integer.MAX_VALUE,
            rom)) {
      assertThat(machine.run(LONG_ENOUGH)).isEqualTo(Outcome.POWERED_OFF);
    }
    List<String> results =
        console
            .toString()
            .lines()
            .map(line -> line.replace("> ", ""))
            .filter(line -> line.matches(".* cpu [0-7]"))
            .map(line -> line.replaceAll(" cpu .", ""))
            .sorted()
            .toList();
    assertThat(results).isEqualTo(expectedResults());
    assertThat(console)
        .startsWith("real protected long\r\n")
        .contains("task 4 ended by exception 14\r\n")
        .contains("console running")
        .contains("trespasser done")
        .contains("no such command; try help\r\n")
        .doesNotContain("wrong result");
    long used =
        IntStream.range(0, vcpus).filter(n -> console.indexOf(" cpu " + n + "\r\n") >= 0).count();
    assertThat(used).isGreaterThanOrEqualTo(Math.min(vcpus, 3));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void saysThatItNeedsLongMode(int vcpus) {
    StringBuilder console = new StringBuilder();
    try (Machine machine =
        machine(CpuModels.I686, vcpus, World.EMPTY, console, Integer.MAX_VALUE, rom)) {
      assertThat(machine.run(LONG_ENOUGH)).isEqualTo(Outcome.POWERED_OFF);
    }
    assertThat(console).hasToString("This guest needs a CPU with long mode.\r\n");
  }

  @Test
  void checksumsAreThoseOfTheStandardLibrary() throws IOException {
    for (int round = 1; round <= ROUNDS; round++) {
      ByteBuffer area = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
      int value = round * 0x9E37_79B1;
      while (area.hasRemaining()) {
        value = value * 1_664_525 + 1_013_904_223;
        area.putInt(value);
      }
      CRC32 crc = new CRC32();
      crc.update(area.array(), 0, 512);
      Adler32 adler = new Adler32();
      adler.update(area.array());
      int zero = 0;
      while (zero < 4096 && area.array()[zero] != 0) {
        zero++;
      }
      long left = Math.max(4095 - zero, 0);
      long result = (crc.getValue() << 32 | adler.getValue()) ^ left;
      assertThat(expectedResults()).contains(String.format("checksum %d %016X", round, result));
    }
  }

  @Test
  void stateDoesNotDependOnTlbSlicesAndRestores() {
    String typed = "tasks\rwait\r";
    StringBuilder console = new StringBuilder();
    try (Machine machine = machine(2, typed(typed, MEANWHILE), console, Integer.MAX_VALUE)) {
      machine.run(LONG_ENOUGH);
      long end = machine.now();
      for (int schedule = 0; schedule < 6; schedule++) {
        StringBuilder other = new StringBuilder();
        try (Machine twin = sliced(new Random(schedule), typed, other)) {
          assertThat(twin.now()).isEqualTo(end);
          assertThat(twin.digest().differingParts(machine.digest())).isEmpty();
          assertThat(other.toString()).isEqualTo(console.toString());
        }
      }
    }
  }

  @Test
  void exitPowersOffAtOnce() {
    StringBuilder console = new StringBuilder();
    byte[] longer = new BuiltinGuest(1_000_000).rom();
    try (Machine machine =
        machine(CpuModels.V2, 2, typed("exit\r", MEANWHILE), console, 16, longer)) {
      assertThat(machine.run(LONG_ENOUGH)).isEqualTo(Outcome.POWERED_OFF);
    }
    assertThat(console).contains("checksum 1 ").doesNotContain("ring");
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThatThrownBy(() -> new BuiltinGuest(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new BuiltinGuest(1, 10)).isInstanceOf(IllegalArgumentException.class);
  }

  /** Runs to the end with a random TLB, in random slices, and now and then goes on in a fork. */
  private Machine sliced(Random random, String typed, StringBuilder console) {
    World world = typed(typed, MEANWHILE);
    int tlb = random.nextBoolean() ? 1 : 1 << random.nextInt(8);
    Machine machine = machine(2, world, console, tlb);
    while (!machine.slice(LONG_ENOUGH, 1 + random.nextLong(200_000)).isFinal()) {
      if (random.nextInt(4) == 0) {
        Machine fork =
            machine.fork(machine.save(), world, listener(console), 1 + random.nextInt(64));
        machine.close();
        machine = fork;
      }
    }
    return machine;
  }

  private Machine machine(int vcpus, World world, StringBuilder console, int tlb) {
    return machine(CpuModels.V2, vcpus, world, console, tlb, rom);
  }

  private static Machine machine(
      CpuModel model, int vcpus, World world, StringBuilder console, int tlb, byte[] rom) {
    return Machine.builder()
        .cpuModel(model)
        .vcpus(vcpus)
        .memoryBytes(BuiltinGuest.RAM_BYTES)
        .chipset(new PcChipset())
        .engine((memory, cpuModel) ->
            new Interpreter(memory, new Decoder(cpuModel.features()), InstructionSet.semantics()))
        .image(Image.rom("builtin", 0x1_0000_0000L - rom.length, rom))
        .image(Image.rom("builtin-alias", 0x10_0000 - rom.length, rom))
        .world(world)
        .outputs(listener(console))
        .tlbCapacity(tlb)
        .build();
  }

  private static OutputListener listener(StringBuilder console) {
    return (device, value, tick) -> console.append((char) value);
  }

  private static World typed(String text, long firstTick) {
    List<ScriptedWorld.Entry> script = new ArrayList<>();
    for (char character : text.toCharArray()) {
      long tick = firstTick + 50_000L * script.size();
      script.add(new ScriptedWorld.Entry(tick, new Input.SerialByte(PcChipset.SERIAL, character)));
    }
    return new ScriptedWorld(script);
  }

  private static List<String> expectedResults() throws IOException {
    try (InputStream in =
            Objects.requireNonNull(BuiltinGuestTest.class.getResourceAsStream("results.txt"));
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return reader.lines().filter(line -> !line.startsWith("#")).toList();
    }
  }
}
