package dev.hindsight.cli.ask;

import dev.hindsight.cpu.Vcpu;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code hindsight ask DIR registers}. */
@Command(
    name = "registers",
    description = "What is in a vCPU's registers?",
    mixinStandardHelpOptions = true)
final class RegistersQuestion implements Callable<Integer> {
  @ParentCommand private AskCommand ask = new AskCommand();

  @Override
  public Integer call() throws IOException {
    try (OpenRecording present = ask.present()) {
      Vcpu cpu = present.vcpu(ask.vcpu());
      PrintStream out = System.out;
      out.printf(
          "CPU %d at tick %,d, after %,d instructions, %s%n",
          cpu.index(),
          cpu.tick(),
          cpu.steps(),
          cpu.activity().name().toLowerCase(Locale.ROOT).replace('_', ' '));
      RegisterDump.print(cpu, out);
      out.flush();
    }
    return 0;
  }
}
