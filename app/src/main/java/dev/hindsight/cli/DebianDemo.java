package dev.hindsight.cli;

import dev.hindsight.board.Machine;
import dev.hindsight.board.MachineBuilder;
import dev.hindsight.board.Outcome;
import dev.hindsight.board.OutputListener;
import dev.hindsight.board.PcChipset;
import dev.hindsight.bus.World;
import dev.hindsight.cli.guest.Guest;
import dev.hindsight.cpu.CpuModels;
import dev.hindsight.timeline.Recorder;
import dev.hindsight.timeline.Replay;
import dev.hindsight.timeline.Sources;
import dev.hindsight.timeline.live.ConsoleScript;
import dev.hindsight.timeline.store.BootFiles;
import dev.hindsight.timeline.store.DirectoryStore;
import dev.hindsight.timeline.store.PcImages;
import dev.hindsight.timeline.store.RecordedPc;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The demonstration: boots Debian's kernel, types a few commands to it, switches it off, and does
 * all of it again from the recording.
 */
final class DebianDemo {
  private static final long MEMORY = 256L << 20;
  private static final String PROMPT = "# ";

  /** Longer than any run takes: 1,000 virtual seconds. */
  private static final long AT_MOST = 1000 * MachineBuilder.TICKS_PER_SECOND;

  private static final List<ConsoleScript.Step> TYPED =
      List.of(
          new ConsoleScript.Step(PROMPT, "uname -srm\r"),
          new ConsoleScript.Step(PROMPT, "grep -E 'model name|bogomips' /proc/cpuinfo\r"),
          new ConsoleScript.Step(PROMPT, "dd if=/dev/urandom bs=1k count=64 | sha256sum\r"),
          new ConsoleScript.Step(PROMPT, "exit\r"));

  private final PrintStream out;
  private final Console console;
  private final Path directory;

  private record Run(long instructions, double seconds, String hash) {}

  DebianDemo(PrintStream out, Console console, Path directory) {
    this.out = out;
    this.console = console;
    this.directory = directory;
  }

  /** Runs it; returns whether the replay was what had been recorded. */
  boolean run(Guest guest) throws IOException {
    out.println("-- Debian boots; a script types to it. It is recorded to " + directory + ".");
    out.flush();
    Run recorded = record(guest);
    out.println();
    out.println("-- The same again, from the recording.");
    out.flush();
    Run replayed = replay();
    out.println();
    out.printf("%-10s %14s %9s %7s  %s%n", "", "instructions", "seconds", "MIPS", "state hash");
    row("recorded", recorded);
    row("replayed", replayed);
    out.printf("The log has %,d bytes.%n", RecordingPlace.logBytes(directory));
    return recorded.hash.equals(replayed.hash);
  }

  private void row(String what, Run run) {
    out.printf(
        "%-10s %,14d %9.1f %7.1f  %s%n",
        what, run.instructions, run.seconds, run.instructions / run.seconds / 1e6, run.hash);
  }

  private Run record(Guest guest) throws IOException {
    Sources sources =
        new Sources(
            new Sources.Boot.Linux(
                guest.kernel().toAbsolutePath().toString(),
                Optional.of(guest.initrd().toAbsolutePath().toString()),
                "console=ttyS0"),
            List.of());
    ConsoleScript script =
        new ConsoleScript(PcChipset.SERIAL, MachineBuilder.TICKS_PER_SECOND, TYPED);
    MachineBuilder builder =
        Machine.builder()
            .cpuModel(CpuModels.V2)
            .memoryBytes(MEMORY)
            .chipset(new PcChipset())
            .engine(Engines.AUTO.factory())
            .outputs((device, value, tick) -> {
              show(device, value);
              script.output(device, value, tick);
            });
    BootFiles files = BootFiles.read(sources.boot(), Path.of(""), MEMORY);
    PcImages.of(files, MEMORY, 1).forEach(builder::image);
    long begin = System.nanoTime();
    try (Machine machine = builder.build();
        Recorder recorder =
            new Recorder(machine, script, DirectoryStore.create(directory), sources)) {
      Outcome outcome = recorder.run(AT_MOST);
      if (outcome != Outcome.POWERED_OFF) {
        throw new IllegalStateException("Debian did not switch itself off: " + outcome + ".");
      }
      return finished(machine, begin);
    }
  }

  private Run replay() throws IOException {
    OutputListener outputs = (device, value, tick) -> show(device, value);
    try (RecordedPc pc = RecordedPc.open(directory)) {
      long begin = System.nanoTime();
      MachineBuilder builder =
          pc.builder().engine(Engines.AUTO.factory()).world(World.EMPTY).outputs(outputs);
      try (Machine machine = builder.build()) {
        new Replay(machine, pc.recording()).run();
        return finished(machine, begin);
      }
    }
  }

  private Run finished(Machine machine, long begin) {
    console.flush();
    return new Run(
        machine.steps(),
        (System.nanoTime() - begin) / 1e9,
        HexFormat.of().toHexDigits(machine.digest().total()));
  }

  private void show(String device, int value) {
    if (device.equals(PcChipset.SERIAL)) {
      console.print(value);
    }
  }
}
