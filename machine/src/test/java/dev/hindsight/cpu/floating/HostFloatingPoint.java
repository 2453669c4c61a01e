package dev.hindsight.cpu.floating;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The processor that the tests run on, as an oracle for single floating-point instructions. It
 * needs Linux on x86-64 and gcc; {@link #open} gives null where one is missing.
 *
 * <p>Cases are records of {@link #SIZE} bytes; the offsets are those of {@code host.c}.
 */
public final class HostFloatingPoint {
  public static final int SIZE = 336;
  public static final int LENGTH = 0;
  public static final int SIGNAL = 4;
  public static final int CODE = 8;
  public static final int MXCSR = 24;
  public static final int RAX = 32;
  public static final int FLAGS = 40;
  public static final int XMM0 = 48;
  public static final int XMM1 = 64;
  public static final int XMM2 = 80;
  public static final int X87 = 96;
  public static final int MEMORY = 208;

  private final Path program;

  private HostFloatingPoint(Path program) {
    this.program = program;
  }

  /** Compiles the oracle into a directory; null if this host cannot be one. */
  public static @Nullable HostFloatingPoint open(Path directory) throws IOException {
    boolean fits =
        System.getProperty("os.arch").equals("amd64")
            && System.getProperty("os.name").equals("Linux");
    if (!fits || !Files.isExecutable(Path.of("/usr/bin/gcc"))) {
      return null;
    }
    Path source = directory.resolve("host.c");
    try (InputStream in = HostFloatingPoint.class.getResourceAsStream("host.c")) {
      Files.copy(Objects.requireNonNull(in), source);
    }
    Path program = directory.resolve("host");
    run(new ProcessBuilder("gcc", "-O1", "-o", program.toString(), source.toString()).inheritIO());
    return new HostFloatingPoint(program);
  }

  private static void run(ProcessBuilder builder) throws IOException {
    Process process = builder.start();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException(builder.command() + " failed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** Room for a number of cases, little-endian. */
  public static ByteBuffer cases(int count) {
    return ByteBuffer.allocate(count * SIZE).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Writes the machine code of the case at an offset, and defaults for all that is not zero. */
  public static void code(ByteBuffer cases, int at, int... bytes) {
    cases.putInt(at + LENGTH, bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      cases.put(at + CODE + i, (byte) bytes[i]);
    }
    cases.putInt(at + MXCSR, 0x1F80);
    cases.putLong(at + FLAGS, 0x202);
    cases.putInt(at + X87, 0x37F);
    cases.putInt(at + X87 + 8, 0xFFFF);
  }

  /** Runs all cases; the result has the state after each. */
  public ByteBuffer run(ByteBuffer cases) {
    try {
      Path in = program.resolveSibling("in");
      Path out = program.resolveSibling("out");
      try (FileChannel file =
          FileChannel.open(
              in,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        ByteBuffer all = cases.duplicate().clear();
        while (all.hasRemaining()) {
          file.write(all);
        }
      }
      run(
          new ProcessBuilder(program.toString())
              .redirectInput(in.toFile())
              .redirectOutput(out.toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT));
      return ByteBuffer.wrap(Files.readAllBytes(out)).order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
