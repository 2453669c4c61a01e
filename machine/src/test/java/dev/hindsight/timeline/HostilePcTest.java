package dev.hindsight.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.hindsight.board.Image;
import dev.hindsight.board.InterpreterFactory;
import dev.hindsight.board.Machine;
import dev.hindsight.board.MachineBuilder;
import dev.hindsight.board.Outcome;
import dev.hindsight.board.OutputListener;
import dev.hindsight.board.PcChipset;
import dev.hindsight.board.acpi.AcpiTables;
import dev.hindsight.board.multiboot.MultibootBoot;
import dev.hindsight.bus.Input;
import dev.hindsight.bus.ScriptedWorld;
import dev.hindsight.bus.World;
import dev.hindsight.cpu.CpuModels;
import dev.hindsight.storage.ByteStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Guests that want to break the machine: virtual time goes on, however they program its chips, and
 * what happens can be replayed under any schedule.
 */
class HostilePcTest {
  private static final long MEMORY = 16 << 20;
  private static final long LENGTH = 200_000;

  /** Far more than it takes, for a busy host; a loop in which time stands still takes longer. */
  private static final Duration LONGEST = Duration.ofSeconds(120);

  private static Machine machine(
      byte[] kernel, int vcpus, World world, OutputListener out, int tlb) {
    MachineBuilder builder =
        Machine.builder()
            .cpuModel(CpuModels.V2)
            .vcpus(vcpus)
            .memoryBytes(MEMORY)
            .chipset(new PcChipset())
            .disk("disk0", false, ByteStore.random(1 << 20, 5))
            .engine(new InterpreterFactory())
            .world(world)
            .outputs(out)
            .tlbCapacity(tlb);
    MultibootBoot boot = new MultibootBoot(kernel, "", List.of(), MEMORY, new AcpiTables(vcpus));
    for (Image image : boot.images()) {
      builder.image(image);
    }
    return builder.build();
  }

  private static World people() {
    List<ScriptedWorld.Entry> all = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      long tick = 20_000 + 800L * i;
      all.add(new ScriptedWorld.Entry(tick, new Input.Key(PcChipset.KEYBOARD, 0x1E, i % 2 == 0)));
      all.add(
          new ScriptedWorld.Entry(
              tick, new Input.MouseMotion(PcChipset.KEYBOARD, (short) i, (short) -i, (byte) 1, 1)));
      all.add(new ScriptedWorld.Entry(tick, new Input.SerialByte(PcChipset.VIRTIO_CONSOLE, 'x')));
    }
    return new ScriptedWorld(all);
  }

  private static void survives(HostilePrograms program, int vcpus) throws IOException {
    MemoryStore store = new MemoryStore();
    try (Machine machine =
            machine(program.file(), vcpus, people(), (d, v, t) -> {}, Integer.MAX_VALUE);
        Recorder recorder = new Recorder(machine, people(), store)) {
      Outcome outcome = recorder.run(LENGTH);
      boolean dies = program == HostilePrograms.TABLES_IN_REGISTERS;
      assertThat(outcome).isEqualTo(dies ? Outcome.TRIPLE_FAULT : Outcome.LIMIT);
      assertThat(dies || machine.now() >= LENGTH).as("time goes on").isTrue();
    }
    ScheduleTorture torture =
        new ScheduleTorture(
            Recording.read(store),
            (world, out, tlb) -> machine(program.file(), vcpus, world, out, tlb));
    var plain = torture.run(new ScheduleTorture.Settings(1, Integer.MAX_VALUE, LENGTH, 0));
    for (var settings :
        List.of(
            new ScheduleTorture.Settings(2, 1, 50_000, 3),
            new ScheduleTorture.Settings(3, 16, 3_000, 40))) {
      var result = torture.run(settings);
      assertThat(result.digest()).as("%s", settings).isEqualTo(plain.digest());
      assertThat(result.output()).as("%s", settings).isEqualTo(plain.output());
      assertThat(result.outcome()).as("%s", settings).isEqualTo(plain.outcome());
    }
  }

  @ParameterizedTest
  @EnumSource(HostilePrograms.class)
  void timeGoesOnWithOneCpu(HostilePrograms program) {
    assertTimeout(LONGEST, () -> survives(program, 1));
  }

  @ParameterizedTest
  @EnumSource(HostilePrograms.class)
  void timeGoesOnWithThreeCpus(HostilePrograms program) {
    assertTimeout(LONGEST, () -> survives(program, 3));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void resetsWithoutEnd(int vcpus) {
    byte[] kernel = HostilePrograms.writesForever(HostilePrograms.RESET_CONTROL, 6);
    try (Machine machine = machine(kernel, vcpus, World.EMPTY, (d, v, t) -> {}, 64)) {
      long before = -1;
      for (int i = 0; i < 100; i++) {
        assertThat(machine.run(Long.MAX_VALUE)).isEqualTo(Outcome.RESET);
        assertThat(machine.now()).isGreaterThan(before);
        before = machine.now();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void switchesOffWithoutEnd(int vcpus) {
    byte[] kernel = HostilePrograms.writesForever(HostilePrograms.POWER_CONTROL, 0x2000);
    try (Machine machine = machine(kernel, vcpus, World.EMPTY, (d, v, t) -> {}, 64)) {
      assertThat(machine.run(Long.MAX_VALUE)).isEqualTo(Outcome.POWERED_OFF);
      long then = machine.now();
      assertThat(machine.run(Long.MAX_VALUE)).isEqualTo(Outcome.POWERED_OFF);
      assertThat(machine.now()).isEqualTo(then);
    }
  }
}
