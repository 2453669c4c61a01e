package dev.hindsight.cli;

import dev.hindsight.board.Machine;
import dev.hindsight.cpu.EngineCounts;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * What a run was, in numbers.
 *
 * @param ticks how far virtual time has come
 * @param instructions steps that all vCPUs executed
 * @param ticksPerSecond ticks in a virtual second
 * @param hostSeconds seconds by the wall clock since this process began
 * @param hostCpuSeconds seconds of processor time of all threads of this process
 * @param logBytes bytes of the recording without its description; 0 if there is none
 * @param inputs how many inputs came
 * @param stateHash hash of the last state
 * @param engine what the engine did
 * @param exit why it ended
 */
record Statistics(
    long ticks,
    long instructions,
    long ticksPerSecond,
    double hostSeconds,
    double hostCpuSeconds,
    long logBytes,
    long inputs,
    long stateHash,
    EngineCounts engine,
    Exit exit) {
  /** The numbers of a machine that has run in this process. */
  static Statistics of(Machine machine, long logBytes, long inputs, Exit exit) {
    var runtime = ManagementFactory.getRuntimeMXBean();
    double seconds = (System.currentTimeMillis() - runtime.getStartTime()) / 1e3;
    return new Statistics(
        machine.now(),
        machine.steps(),
        machine.description().ticksPerSecond(),
        seconds,
        cpuSeconds(),
        logBytes,
        inputs,
        machine.digest().total(),
        machine.engineCounts(),
        exit);
  }

  private static double cpuSeconds() {
    return ProcessHandle.current()
        .info()
        .totalCpuDuration()
        .map(d -> d.toNanos() / 1e9)
        .orElse(0.0);
  }

  /** Million instructions a second of the wall clock. */
  double mips() {
    return hostSeconds == 0 ? 0 : instructions / hostSeconds / 1e6;
  }

  /** The hash as people see it. */
  String hash() {
    return HexFormat.of().toHexDigits(stateHash);
  }

  /**
   * Makes sure, before a long run, that there will be a place for them.
   *
   * @throws IOException with a sentence if there is none
   */
  static void check(@Nullable Path file) throws IOException {
    if (file == null) {
      return;
    }
    Path directory = file.toAbsolutePath().getParent();
    boolean writable =
        Files.exists(file)
            ? Files.isWritable(file) && !Files.isDirectory(file)
            : directory != null && Files.isDirectory(directory) && Files.isWritable(directory);
    if (!writable) {
      throw new IOException("The statistics cannot be written to " + file + ".");
    }
  }

  /** Writes them as JSON. */
  void write(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        JsonGenerator json = Json.to(out)) {
      json.writeStartObject();
      json.writeNumberProperty("ticks", ticks);
      json.writeNumberProperty("instructions", instructions);
      json.writeNumberProperty("virtualSeconds", ticks / (double) ticksPerSecond);
      json.writeNumberProperty("hostSeconds", hostSeconds);
      json.writeNumberProperty("hostCpuSeconds", hostCpuSeconds);
      json.writeNumberProperty("mips", mips());
      json.writeNumberProperty("fallbackInstructions", engine.fallback());
      json.writeNumberProperty("logBytes", logBytes);
      json.writeNumberProperty("inputs", inputs);
      json.writeStringProperty("stateHash", hash());
      json.writeStringProperty("exit", exit.text());
      for (EngineCounts.Group group : engine.groups()) {
        json.writeObjectPropertyStart(group.name());
        for (EngineCounts.Count count : group.counts()) {
          json.writeNumberProperty(count.name(), count.times());
        }
        json.writeEndObject();
      }
      json.writeEndObject();
    }
  }
}
