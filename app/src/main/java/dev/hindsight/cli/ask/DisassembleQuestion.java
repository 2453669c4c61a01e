package dev.hindsight.cli.ask;

import dev.hindsight.cpu.Vcpu;
import dev.hindsight.x86.Decoded;
import dev.hindsight.x86.Disassembler;
import dev.hindsight.x86.Instruction;
import java.io.IOException;
import java.io.PrintStream;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code hindsight ask DIR disassemble}. */
@Command(
    name = "disassemble",
    description = "Which instructions are in memory, as the vCPU's present mode reads them?",
    mixinStandardHelpOptions = true)
final class DisassembleQuestion implements Callable<Integer> {
  private static final int DEFAULT_BYTES = 32;

  @ParentCommand private AskCommand ask = new AskCommand();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "ADDR[:LEN]",
      converter = Addresses.Converter.class,
      description = "Linear address and number of bytes (default: 32 bytes at CS:RIP).")
  private @Nullable Addresses addresses;

  @Override
  public Integer call() throws IOException {
    try (OpenRecording present = ask.present()) {
      Vcpu cpu = present.vcpu(ask.vcpu());
      long next = cpu.linearRip();
      Addresses range = addresses == null ? new Addresses(next, OptionalInt.empty()) : addresses;
      print(cpu, range.start(), range.length().orElse(DEFAULT_BYTES), System.out);
    }
    return 0;
  }

  /** Prints the instructions that begin in a range. */
  static void print(Vcpu cpu, long start, int length, PrintStream out) {
    MappedCode code = new MappedCode(cpu.model());
    for (int done = 0; done < length; ) {
      long at = start + done;
      Decoded decoded = code.decode(cpu, at);
      int bytes = decoded instanceof Instruction in ? in.length() : 1;
      String text =
          switch (decoded) {
            case Instruction in -> Disassembler.text(in, at);
            case Decoded.NeedsByte _ -> "(not mapped)";
            case Decoded.Invalid _, Decoded.TooLong _ -> "(bad)";
          };
      StringBuilder hex = new StringBuilder();
      for (int i = 0; i < bytes; i++) {
        int b = MappedCode.byteAt(cpu, at + i);
        hex.append(b < 0 ? "?? " : "%02x ".formatted(b));
      }
      out.printf("%016x  %-30s  %s%n", at, hex.toString().strip(), text);
      done += bytes;
    }
    out.flush();
  }
}
