package dev.hindsight.cli;

import dev.hindsight.board.MachineDescription;
import dev.hindsight.timeline.Recording;
import dev.hindsight.timeline.RecordingInfo;
import dev.hindsight.timeline.Sources;
import dev.hindsight.timeline.store.CheckpointDirectory;
import dev.hindsight.timeline.store.DirectoryStore;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code hindsight info}. */
@Command(
    name = "info",
    description = "Says what a recording is of, without replaying it.",
    mixinStandardHelpOptions = true)
final class InfoCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "DIR", description = "The recording.")
  private Path directory = Path.of("");

  @Override
  public Integer call() throws IOException {
    Recording recording = DirectoryStore.recording(directory);
    RecordingInfo info = RecordingInfo.of(recording);
    PrintStream out = System.out;
    machine(info.machine(), out);
    boot(recording.sources(), out);
    recording
        .origin()
        .ifPresent(o ->
            out.printf(
                "branch of      %s, from tick %,d on, after %,d instructions%n",
                Failure.printable(o.recording()), o.tick(), o.steps()));
    for (RecordingInfo.DiskReads disk : info.disks()) {
      out.printf(
          "disk           %s, %,d of %,d blocks were read%n",
          Failure.printable(disk.disk()), disk.blocks(), disk.of());
    }
    out.printf("length         %,d ticks, %.3f virtual seconds%n", info.ticks(), info.seconds());
    out.printf(
        "instructions   %s%n",
        info.instructions().isPresent()
            ? "%,d".formatted(info.instructions().getAsLong())
            : "unknown, since it was cut short");
    int inputs = info.inputs().values().stream().mapToInt(Integer::intValue).sum();
    out.printf("inputs         %,d%n", inputs);
    info.inputs().forEach((kind, count) -> out.printf("  %-12s %,d%n", kind, count));
    if (!recording.interventions().isEmpty()) {
      out.printf("changes        %,d from outside%n", recording.interventions().size());
    }
    out.printf("log            %,d bytes%n", info.logBytes());
    CheckpointDirectory.Size kept = CheckpointDirectory.size(directory);
    if (kept.checkpoints() > 0) {
      out.printf("checkpoints    %,d, %,d bytes%n", kept.checkpoints(), kept.bytes());
    }
    out.printf(
        "end            %s%n",
        info.isSealed()
            ? "sealed: " + Exit.of(info.outcome().orElseThrow(), recording).text()
            : "cut short");
    info.damage().ifPresent(d -> out.println("damage         " + d));
    return 0;
  }

  private static void machine(MachineDescription m, PrintStream out) {
    out.printf(
        "machine        %s, CPU %s, %d vCPU%s, %,d MiB of memory%n",
        Failure.printable(m.chipset()),
        Failure.printable(m.cpuModel()),
        m.vcpus(),
        m.vcpus() == 1 ? "" : "s",
        m.memoryBytes() >> 20);
    out.printf(
        "power-on       %s, seed %d, behaviour version %d%n",
        Instant.ofEpochSecond(m.powerOnTime()), m.seed(), m.behaviourVersion());
  }

  private static void boot(Sources sources, PrintStream out) {
    switch (sources.boot()) {
      case Sources.Boot.None() -> out.println("boot           what is in its ROM");
      case Sources.Boot.Linux linux -> {
        out.println("kernel         " + Failure.printable(linux.kernel()));
        linux.initrd().ifPresent(i -> out.println("initrd         " + Failure.printable(i)));
        out.println("command line   " + Failure.printable(linux.commandLine()));
      }
      case Sources.Boot.Multiboot multiboot -> {
        out.println("kernel         " + Failure.printable(multiboot.kernel()));
        multiboot
            .modules()
            .forEach(m -> out.println("module         " + Failure.printable(m.text())));
        out.println("command line   " + Failure.printable(multiboot.commandLine()));
      }
    }
  }
}
