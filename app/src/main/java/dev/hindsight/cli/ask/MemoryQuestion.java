package dev.hindsight.cli.ask;

import dev.hindsight.cpu.Vcpu;
import java.io.IOException;
import java.io.PrintStream;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code hindsight ask DIR memory}. */
@Command(
    name = "memory",
    description = {
      "What is in memory? Bytes that no page maps are shown as ??.",
      "Without LEN, 64 bytes are shown."
    },
    mixinStandardHelpOptions = true)
final class MemoryQuestion implements Callable<Integer> {
  private static final int DEFAULT_BYTES = 64;
  private static final int BYTES_IN_LINE = 16;

  @ParentCommand private AskCommand ask = new AskCommand();

  @Mixin private MemoryRange range = new MemoryRange();

  @Override
  public Integer call() throws IOException {
    try (OpenRecording present = ask.present()) {
      Vcpu cpu = present.vcpu(ask.vcpu());
      PrintStream out = System.out;
      int length = range.length(DEFAULT_BYTES);
      for (int done = 0; done < length; done += BYTES_IN_LINE) {
        out.println(line(cpu, range.start() + done, Math.min(BYTES_IN_LINE, length - done)));
      }
      out.flush();
    }
    return 0;
  }

  private String line(Vcpu cpu, long start, int count) {
    StringBuilder bytes = new StringBuilder();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < BYTES_IN_LINE; i++) {
      OptionalLong at = range.physical(cpu, start + i);
      if (i >= count) {
        bytes.append("   ");
      } else if (at.isEmpty()) {
        bytes.append("?? ");
        text.append('?');
      } else {
        int b = (int) cpu.physical().peek(at.getAsLong(), 1) & 0xFF;
        bytes.append("%02x ".formatted(b));
        text.append(b >= ' ' && b < 0x7F ? (char) b : '.');
      }
    }
    return "%016x  %s %s".formatted(start, bytes, text);
  }
}
