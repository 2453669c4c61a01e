package dev.hindsight.bench.linux;

import com.sun.management.OperatingSystemMXBean;
import dev.hindsight.board.InterpreterFactory;
import dev.hindsight.board.Machine;
import dev.hindsight.board.MachineBuilder;
import dev.hindsight.board.Outcome;
import dev.hindsight.board.PcChipset;
import dev.hindsight.board.linux.BzImage;
import dev.hindsight.board.linux.LinuxBoot;
import dev.hindsight.cpu.CpuModels;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Boots a Linux kernel and says what it cost: {@code BootSpeed <bzImage> <initrd> <model>
 * <megabytes> <command line> [ticks]}.
 *
 * <p>It ends when the kernel says that it has halted or powers off, or at the given tick. The
 * processor time is that of all threads of the JVM, from its start, compilers included. The hash is
 * that of the final state: a change that makes the interpreter faster leaves it as it is.
 *
 * <pre>
 * apt-get download linux-image-6.1.0-56-cloud-amd64 busybox-static   # dpkg-deb -x both
 * mkdir -p root/bin root/proc root/sys root/dev; cp busybox root/bin  # and an executable /init:
 *   #!/bin/busybox sh
 *   /bin/busybox poweroff -f
 * (cd root; find . | sort | cpio -o -H newc --reproducible | gzip -n) &gt; initrd.gz
 * java --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -cp machine/target/classes:bench/target/classes \
 *   dev.hindsight.bench.linux.BootSpeed vmlinuz initrd.gz v2 512 'acpi=off console=ttyS0'
 * </pre>
 */
public final class BootSpeed {
  private static final long SLICE = 50_000_000;
  private static final String HALTED = "reboot: System halted";
  private static final double SECOND = 1e9;

  private final OperatingSystemMXBean process =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private int matched;
  private boolean halted;

  private BootSpeed() {}

  /** Runs it. */
  public static void main(String[] args) throws IOException {
    long until = args.length > 5 ? Long.parseLong(args[5]) : Long.MAX_VALUE;
    byte[] kernel = Files.readAllBytes(Path.of(args[0]));
    byte[] initrd = Files.readAllBytes(Path.of(args[1]));
    long memory = Long.parseLong(args[3]) << 20;
    MachineBuilder builder =
        Machine.builder()
            .cpuModel(CpuModels.byName(args[2]))
            .memoryBytes(memory)
            .chipset(new PcChipset())
            .engine(new InterpreterFactory());
    new LinuxBoot(BzImage.read(kernel), initrd, args[4], memory).images().forEach(builder::image);
    new BootSpeed().run(builder, until);
  }

  private void run(MachineBuilder builder, long until) throws IOException {
    try (Machine machine = builder.outputs((device, value, tick) -> output(value)).build()) {
      long start = process.getProcessCpuTime();
      Outcome outcome = Outcome.LIMIT;
      while (!halted && !outcome.isFinal() && machine.now() < until) {
        outcome = machine.run(Math.min(machine.now() + SLICE, until));
      }
      long steps = machine.steps();
      double seconds = process.getProcessCpuTime() / SECOND;
      System.out.printf(
          "%n%s: %,d steps, %.1f s of processor time of which %.1f before the first step,"
              + " %.1f million steps a second; %s%n",
          halted ? "halted" : outcome,
          steps,
          seconds,
          start / SECOND,
          steps / (seconds - start / SECOND) / 1e6,
          residentMemory());
      System.out.println(machine.digest());
    }
  }

  /** The highest that the process's resident memory has been, as Linux says it. */
  private static String residentMemory() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return "no resident memory known";
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmHWM"))
        .map(line -> line.replaceAll("\\s+", " "))
        .findFirst()
        .orElse("");
  }

  private void output(int value) {
    System.out.write(value);
    matched = value == HALTED.charAt(matched) ? matched + 1 : value == HALTED.charAt(0) ? 1 : 0;
    if (matched == HALTED.length()) {
      halted = true;
      matched = 0;
    }
  }
}
