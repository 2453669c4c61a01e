package dev.hindsight.gdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * The real gdb (Debian's package {@code gdb}), which does some commands. Tests are skipped where it
 * is not installed.
 */
final class Gdb {
  private static final long SECONDS = 120;
  private static final Pattern PACKET = Pattern.compile("Sending packet: \\$([^#\\[]*)");

  private final List<String> commands = new ArrayList<>();
  private final StringBuilder output = new StringBuilder();
  private final Set<String> packets = new TreeSet<>();

  static void assumeThere() {
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/gdb")), "gdb is not installed (package gdb)");
  }

  /** Appends commands to what it is to do; each is done even if those before it failed. */
  Gdb then(String... more) {
    commands.addAll(List.of(more));
    return this;
  }

  /** Appends a command that prints a number behind a name, to be read by {@link #number}. */
  Gdb print(String name, String expression) {
    return then("printf \"<%s> %%lx\\n\", (unsigned long) (%s)".formatted(name, expression));
  }

  /** Begins to do the commands while the caller serves it at a port. */
  Running start(int port) throws IOException {
    List<String> line = new ArrayList<>(List.of("/usr/bin/gdb", "-nx", "-batch"));
    for (String c :
        List.of(
            "set pagination off",
            "set confirm off",
            "set style enabled off",
            "set remotetimeout 60",
            "set debug remote 1",
            "target remote 127.0.0.1:" + port)) {
      line.add("-ex");
      line.add(c);
    }
    for (String c : commands) {
      line.add("-ex");
      line.add(c);
    }
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    process.getOutputStream().close();
    return new Running(process);
  }

  /** While it does what it was told. */
  final class Running {
    private final Process process;
    private final Thread reader;
    private byte[] bytes = {};

    private Running(Process process) {
      this.process = process;
      reader =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  bytes = process.getInputStream().readAllBytes();
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
    }

    /** Waits until it has done all. */
    Gdb end() throws InterruptedException {
      try {
        assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).as("gdb has ended").isTrue();
        reader.join();
      } finally {
        process.destroyForcibly();
      }
      for (String l : new String(bytes, StandardCharsets.UTF_8).lines().toList()) {
        Matcher m = PACKET.matcher(l);
        if (m.find()) {
          packets.add(m.group(1));
        }
        if (!l.strip().startsWith("[remote]")) {
          output.append(l).append('\n');
        }
      }
      return Gdb.this;
    }
  }

  /** All that it printed, without the protocol. */
  String output() {
    return output.toString();
  }

  /** The packets that it sent. */
  Set<String> packets() {
    return packets;
  }

  /** The number that {@link #print} printed behind a name. */
  long number(String name) {
    String found = text("<" + name + "> ([0-9a-f]+)");
    assertThat(found).as("%s in %s", name, output).isNotNull();
    return Long.parseUnsignedLong(found, 16);
  }

  /** The group of a pattern in what it printed, or null. */
  @Nullable String text(String pattern) {
    Matcher m = Pattern.compile(pattern).matcher(output);
    return m.find() ? m.group(1) : null;
  }
}
