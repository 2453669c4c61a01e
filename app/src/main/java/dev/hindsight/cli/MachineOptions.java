package dev.hindsight.cli;

import dev.hindsight.cpu.CpuModel;
import dev.hindsight.cpu.CpuModels;
import dev.hindsight.timeline.Sources;
import dev.hindsight.timeline.live.Pace;
import dev.hindsight.timeline.store.Gzip;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What machine is to be run: the options that end up in its description. */
final class MachineOptions {
  private static final Instant UNPACED_POWER_ON = Instant.parse("2026-01-01T00:00:00Z");
  private static final long UNPACED_SEED = 0;
  private static final int MOST_VCPUS = 64;

  @Option(
      names = "--kernel",
      required = true,
      paramLabel = "FILE",
      description = "A Linux bzImage, or a Multiboot kernel.")
  private Path kernel = Path.of("");

  @Option(names = "--initrd", paramLabel = "FILE", description = "The initial RAM disk.")
  private @Nullable Path initrd;

  @Option(
      names = "--module",
      paramLabel = "FILE[ TEXT]",
      description = "A module of a Multiboot kernel, and its text; may be repeated.")
  private List<String> modules = List.of();

  @Option(
      names = "--append",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "The kernel's command line.")
  private String append = "";

  @Option(
      names = "--disk",
      paramLabel = "FILE",
      description =
          "A disk image; may be repeated. The file stays as it is: what the guest writes is kept in"
              + " memory, and follows from the recording.")
  private List<Path> disks = List.of();

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      defaultValue = "256M",
      converter = Quantities.Size.class,
      description = "Size of RAM (default: ${DEFAULT-VALUE}).")
  private long memory;

  @Option(
      names = "--vcpus",
      paramLabel = "N",
      defaultValue = "1",
      description = "Number of CPUs, 1 to 64 (default: ${DEFAULT-VALUE}).")
  private int vcpus;

  @Option(
      names = "--cpu",
      paramLabel = "MODEL",
      defaultValue = "v2",
      description =
          "CPU model: i686, v2 (to SSE4.2) or v3 (with AVX2) (default: ${DEFAULT-VALUE}).")
  private String cpu = "";

  @Option(
      names = "--rtc",
      paramLabel = "now|INSTANT",
      converter = Quantities.PowerOn.class,
      description =
          "What the clock shows at power-on, as 2026-01-01T00:00:00Z (the default without pace;"
              + " with it: now).")
  private @Nullable Instant rtc;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "Where the machine's random numbers come from (default without pace: 0; with it: a"
              + " random number).")
  private @Nullable Long seed;

  long memory() {
    return memory;
  }

  int vcpus() {
    if (vcpus < 1 || vcpus > MOST_VCPUS) {
      throw new IllegalArgumentException("A machine has 1 to " + MOST_VCPUS + " CPUs.");
    }
    return vcpus;
  }

  CpuModel cpu() {
    for (CpuModel model : CpuModels.ALL) {
      if (model.name().equals(cpu)) {
        return model;
      }
    }
    throw new IllegalArgumentException(
        "There is no CPU model named "
            + cpu
            + "; there are "
            + String.join(", ", CpuModels.ALL.stream().map(CpuModel::name).toList())
            + ".");
  }

  /** Seconds since 1970 at power-on. */
  long powerOnTime(Pace pace) {
    Instant instant = rtc;
    if (instant == null) {
      instant = pace == Pace.NONE ? UNPACED_POWER_ON : Instant.now();
    }
    return instant.getEpochSecond();
  }

  long seed(Pace pace) {
    Long value = seed;
    if (value == null) {
      value = pace == Pace.NONE ? UNPACED_SEED : new SecureRandom().nextLong();
    }
    return value;
  }

  Path kernel() {
    return kernel;
  }

  /** A short name for what is run. */
  String title() {
    return String.valueOf(kernel.getFileName());
  }

  /** The files it is made of, by absolute paths. */
  Sources sources() throws IOException {
    return new Sources(
        boot(),
        disks.stream().map(d -> new Sources.Disk(absolute(d), Sources.Disk.Form.RAW)).toList());
  }

  private Sources.Boot boot() throws IOException {
    if (!KernelKind.isMultiboot(kernel)) {
      if (!modules.isEmpty()) {
        throw new IllegalArgumentException(
            "Modules go with Multiboot kernels, and " + kernel + " is none; use --initrd.");
      }
      return new Sources.Boot.Linux(
          absolute(kernel), Optional.ofNullable(initrd).map(MachineOptions::absolute), append);
    }
    List<Sources.Module> all = new ArrayList<>();
    if (initrd != null) {
      all.add(new Sources.Module(absolute(initrd), initrd.toString()));
    }
    for (String module : modules) {
      String[] parts = module.split(" ", 2);
      all.add(new Sources.Module(absolute(Path.of(parts[0])), module));
    }
    return new Sources.Boot.Multiboot(absolute(kernel), append, all);
  }

  private static String absolute(Path path) {
    return path.toAbsolutePath().normalize().toString();
  }

  /** Tells kernels apart by what is in them. */
  private static final class KernelKind {
    private static final int SEARCHED = 8192;
    private static final int MULTIBOOT_MAGIC = 0x1BADB002;

    private KernelKind() {}

    static boolean isMultiboot(Path kernel) throws IOException {
      byte[] head;
      if (Files.isDirectory(kernel)) {
        throw new IOException("The kernel " + kernel + " is a directory.");
      }
      try (InputStream in = new BufferedInputStream(Files.newInputStream(kernel))) {
        head = Gzip.expand(in).readNBytes(SEARCHED);
      } catch (EOFException | ZipException e) {
        return false; // it is compressed and damaged, which will be said when it is read
      }
      var bytes = java.nio.ByteBuffer.wrap(head).order(java.nio.ByteOrder.LITTLE_ENDIAN);
      for (int at = 0; at + 12 <= head.length; at += 4) {
        if (bytes.getInt(at) == MULTIBOOT_MAGIC
            && MULTIBOOT_MAGIC + bytes.getInt(at + 4) + bytes.getInt(at + 8) == 0) {
          return true;
        }
      }
      return false;
    }
  }
}
