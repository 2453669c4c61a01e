package dev.hindsight.silicon;

import dev.hindsight.silicon.Outcome.End;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The processor that we run on, reached through a small C program (runner.c) that gcc compiles when
 * the suite starts.
 */
final class HostProcessor implements AutoCloseable {
  /** Cases that a batch may have. */
  static final int MAX_BATCH = 2048;

  private static final int MAGIC = 0x43494C49;
  private static final int INPUT_BYTES = 176 + CpuState.XSAVE_BYTES + Layout.CODE_BYTES;
  private static final int OUTPUT_BYTES = 200 + CpuState.XSAVE_BYTES;

  private final Process process;
  private final OutputStream to;
  private final DataInputStream from;
  private int inFlight;

  private HostProcessor(Process process) {
    this.process = process;
    this.to = process.getOutputStream();
    this.from = new DataInputStream(process.getInputStream());
  }

  /**
   * Why the suite cannot run here, if it cannot: it needs Linux on x86-64, a processor with AVX2
   * and gcc.
   */
  static Optional<String> whyNot() {
    String os = System.getProperty("os.name", "");
    String arch = System.getProperty("os.arch", "");
    if (!os.equals("Linux") || !(arch.equals("amd64") || arch.equals("x86_64"))) {
      return Optional.of("the host is " + os + " on " + arch + ", not Linux on x86-64");
    }
    try {
      String cpu = Files.readString(Path.of("/proc/cpuinfo"));
      for (String flag : List.of("avx2", "bmi2", "fma", "f16c", "movbe", "xsave")) {
        if (!cpu.contains(" " + flag + " ") && !cpu.contains(" " + flag + "\n")) {
          return Optional.of("the host processor has no " + flag.toUpperCase(Locale.ROOT));
        }
      }
      Process gcc = new ProcessBuilder("gcc", "--version").redirectErrorStream(true).start();
      gcc.getInputStream().readAllBytes();
      return gcc.waitFor() == 0 ? Optional.empty() : Optional.of("gcc does not run");
    } catch (IOException e) {
      return Optional.of("there is no gcc: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
    }
  }

  /**
   * Compiles the runner and starts it.
   *
   * @param directory where to put the program
   */
  static HostProcessor start(Path directory) throws IOException {
    Files.createDirectories(directory);
    Path program = Files.createTempFile(directory, "runner", "");
    try {
      Process gcc =
          new ProcessBuilder(
                  "gcc",
                  "-O2",
                  "-std=gnu11",
                  "-ffreestanding",
                  "-fno-stack-protector",
                  "-mno-red-zone",
                  "-fcf-protection=none",
                  "-mgeneral-regs-only",
                  "-fPIE",
                  "-fvisibility=hidden",
                  "-static-pie",
                  "-nostdlib",
                  "-o",
                  program.toString(),
                  "-x",
                  "c",
                  "-")
              .redirectErrorStream(true)
              .start();
      try (InputStream source = HostProcessor.class.getResourceAsStream("runner.c");
          OutputStream to = gcc.getOutputStream()) {
        if (source == null) {
          throw new IOException("runner.c is not on the class path");
        }
        source.transferTo(to);
      }
      String messages = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (gcc.waitFor() != 0) {
        throw new IOException("gcc: " + messages);
      }
      return new HostProcessor(
          new ProcessBuilder(program.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } finally {
      // the running program keeps its file; nobody else needs it
      Files.deleteIfExists(program);
    }
  }

  /** Starts a batch; {@link #finish} must follow before the next. */
  void submit(DataPages pages, List<TestCase> cases) {
    if (cases.isEmpty() || cases.size() > MAX_BATCH || inFlight != 0) {
      throw new IllegalArgumentException(cases.size() + " cases, " + inFlight + " in flight");
    }
    int pageBytes = 0;
    for (int page = 0; page < Layout.DATA_PAGES; page++) {
      pageBytes += Layout.mapped(page) ? Layout.PAGE : 0;
    }
    ByteBuffer b =
        ByteBuffer.allocate(8 + pageBytes + cases.size() * INPUT_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    b.putInt(MAGIC).putInt(cases.size());
    for (int page = 0; page < Layout.DATA_PAGES; page++) {
      if (Layout.mapped(page)) {
        b.put(pages.contents()[page]);
      }
    }
    for (TestCase c : cases) {
      int start = b.position();
      b.putInt(c.mode()).putInt(c.codeOffset()).putInt(c.code().length).putInt(0);
      CpuState s = c.initial();
      for (long r : s.gpr) {
        b.putLong(r);
      }
      b.putLong(s.rflags).putLong(s.fsBase).putLong(s.gsBase).putLong(0);
      b.put(s.xsave).put(c.code());
      b.position(start + INPUT_BYTES);
    }
    try {
      to.write(b.array());
      to.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    inFlight = cases.size();
  }

  /** Waits for the batch and gives what became of each case. */
  List<Outcome> finish() {
    try {
      byte[] head = new byte[8];
      from.readFully(head);
      long length = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong();
      byte[] body = new byte[Math.toIntExact(length)];
      from.readFully(body);
      ByteBuffer b = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
      List<Outcome> outcomes = new ArrayList<>(inFlight);
      for (int i = 0; i < inFlight; i++) {
        outcomes.add(read(b));
      }
      inFlight = 0;
      return outcomes;
    } catch (EOFException e) {
      int status = process.onExit().join().exitValue();
      throw new UncheckedIOException("the runner ended with status " + status, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Outcome read(ByteBuffer b) {
    int start = b.position();
    int vector = b.getInt();
    int error = b.getInt();
    final long cr2 = b.getLong();
    CpuState s = new CpuState();
    for (int i = 0; i < 16; i++) {
      s.gpr[i] = b.getLong();
    }
    s.rip = b.getLong();
    s.rflags = b.getLong();
    s.fsBase = b.getLong();
    s.gsBase = b.getLong();
    for (int i = 0; i < 6; i++) {
      s.selectors[i] = b.getShort() & 0xFFFF;
    }
    int status = b.getShort();
    b.getShort();
    b.get(s.xsave);
    int changes = b.getInt();
    b.position(start + OUTPUT_BYTES);
    long[] addresses = new long[changes];
    long[] values = new long[changes];
    for (int i = 0; i < changes; i++) {
      addresses[i] = b.getLong();
      values[i] = b.getLong();
    }
    End end =
        switch (status) {
          case 0 -> End.EXCEPTION;
          case 1 -> End.ENDLESS;
          case 2 -> End.SYSTEM_CALL;
          default -> End.OTHER;
        };
    boolean exception = end == End.EXCEPTION;
    return new Outcome(
        end,
        exception ? vector : -1,
        exception ? error : 0,
        exception && vector == 14 ? cr2 : 0,
        s,
        addresses,
        values);
  }

  @Override
  public void close() {
    process.destroy();
  }
}
