package dev.hindsight.bench.guest;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** How a kernel is run by Hindsight and by QEMU: alike, with one processor and 512 MiB. */
final class Contestants {
  static final String NATIVE = "native";
  static final String HINDSIGHT = "Hindsight";
  static final String TCG = "TCG";
  private static final String QEMU = "qemu-system-x86_64";

  private Contestants() {}

  /**
   * Hindsight's command.
   *
   * @param more further options
   */
  static List<String> hindsight(Options options, Path kernel, String... more) {
    List<String> command =
        List.of(
            options.project().resolve("hindsight").toString(),
            "run",
            "--no-record",
            "--pace=none",
            "--cpu=v3",
            "--memory=512M",
            "--engine=" + options.engine(),
            "--kernel=" + kernel);
    return Stream.concat(command.stream(), Stream.of(more)).toList();
  }

  /** Whether QEMU is installed. */
  static boolean hasTcg() {
    return Host.has(QEMU);
  }

  /**
   * QEMU's command.
   *
   * @param more further options
   */
  static List<String> tcg(Path kernel, String... more) {
    List<String> command =
        List.of(
            QEMU,
            "-machine",
            "pc",
            "-accel",
            "tcg",
            "-cpu",
            "max",
            "-m",
            "512",
            "-display",
            "none",
            "-monitor",
            "none",
            "-serial",
            "stdio",
            "-net",
            "none",
            "-no-reboot",
            "-kernel",
            kernel.toString());
    return Stream.concat(command.stream(), Stream.of(more)).toList();
  }
}
