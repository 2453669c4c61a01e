package dev.hindsight.bench.interpreter;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The benchmark's guest: a C program without libraries, compiled by gcc, which runs under Linux and
 * in a {@link GuestMachine} alike.
 *
 * @param bits 64 or 32
 * @param elf the linked program
 */
record GuestProgram(int bits, byte[] elf) {
  /** Linear address at which the little kernel of the program begins. */
  static final long KERNEL = 0x20_0000;

  private static final List<String> COMMON = List.of("start.c", "support.c");
  private static final List<String> PARTS =
      List.of("data.c", "codec.c", "language.c", "search.c", "floating.c");
  private static final List<String> FLAGS =
      List.of(
          "-ffreestanding",
          "-fno-pic",
          "-fno-stack-protector",
          "-fno-asynchronous-unwind-tables",
          "-fcf-protection=none",
          "-fno-strict-aliasing",
          "-fwrapv");
  private static final int LOAD = 1;

  /**
   * Compiles it.
   *
   * @param bits 64 or 32
   * @param rounds how often it does its work
   */
  static GuestProgram compile(int bits, int rounds) throws IOException {
    Path directory = Files.createTempDirectory("guest");
    try {
      copy(directory, "guest.h");
      for (String source : COMMON) {
        object(directory, bits, source, source + ".o", "-O2", "-DROUNDS=" + rounds);
      }
      for (String source : PARTS) {
        object(directory, bits, source, source + ".o", "-O2");
        object(directory, bits, source, source + ".small.o", "-Os", "-DSMALL");
      }
      link(directory, bits);
      return new GuestProgram(bits, Files.readAllBytes(directory.resolve("guest")));
    } finally {
      delete(directory);
    }
  }

  private static void object(
      Path directory, int bits, String source, String object, String... options)
      throws IOException {
    copy(directory, source);
    List<String> command = new ArrayList<>(List.of("gcc", "-m" + bits, "-c", source, "-o", object));
    if (bits == 32) {
      command.addAll(List.of("-msse2", "-mfpmath=sse"));
    }
    command.addAll(FLAGS);
    command.addAll(List.of(options));
    run(directory, command);
  }

  private static void link(Path directory, int bits) throws IOException {
    List<String> command = new ArrayList<>(List.of("gcc", "-m" + bits));
    command.addAll(List.of("-nostdlib", "-static", "-no-pie"));
    command.add("-Wl,--section-start=.kernel=0x" + Long.toHexString(KERNEL));
    command.addAll(List.of("-Wl,-Ttext-segment=0x400000", "-Wl,--build-id=none", "-o", "guest"));
    for (String source : COMMON) {
      command.add(source + ".o");
    }
    for (String source : PARTS) {
      command.addAll(List.of(source + ".o", source + ".small.o"));
    }
    run(directory, command);
  }

  private static void copy(Path directory, String name) throws IOException {
    try (InputStream in = GuestProgram.class.getResourceAsStream("guest/" + name)) {
      Files.copy(
          Objects.requireNonNull(in, name),
          directory.resolve(name),
          StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static String run(Path directory, List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      if (process.waitFor() != 0) {
        throw new IOException(command.getFirst() + " failed: " + output);
      }
    } catch (InterruptedException e) {
      throw new IOException("interrupted while " + command.getFirst() + " ran", e);
    }
    return output;
  }

  private static void delete(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }

  /** Runs it on the host's processor and returns the checksum that it prints. */
  int runOnHost() throws IOException {
    Path directory = Files.createTempDirectory("guest");
    try {
      Path file = directory.resolve("guest");
      Files.write(file, elf);
      if (!file.toFile().setExecutable(true)) {
        throw new IOException(file + " cannot be made executable");
      }
      return Integer.parseUnsignedInt(run(directory, List.of(file.toString())), 16);
    } finally {
      delete(directory);
    }
  }

  private ByteBuffer buffer() {
    return ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Linear address of its first instruction. */
  long entry() {
    return bits == 64 ? buffer().getLong(24) : buffer().getInt(24);
  }

  /** Where bytes go. */
  interface Loader {
    void load(long address, byte[] bytes, int offset, int length);
  }

  /** Hands over what is to be loaded. The rest of its memory is zeros. */
  void load(Loader to) {
    ByteBuffer b = buffer();
    boolean wide = bits == 64;
    int table = wide ? (int) b.getLong(32) : b.getInt(28);
    int size = b.getShort(wide ? 54 : 42);
    int count = b.getShort(wide ? 56 : 44);
    for (int i = 0; i < count; i++) {
      int header = table + i * size;
      if (b.getInt(header) == LOAD) {
        int offset = wide ? (int) b.getLong(header + 8) : b.getInt(header + 4);
        long address = wide ? b.getLong(header + 16) : b.getInt(header + 8);
        int length = wide ? (int) b.getLong(header + 32) : b.getInt(header + 16);
        to.load(address, elf, offset, length);
      }
    }
  }
}
