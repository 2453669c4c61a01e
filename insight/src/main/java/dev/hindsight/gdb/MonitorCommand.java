package dev.hindsight.gdb;

import dev.hindsight.cpu.Vcpu;
import java.io.IOException;
import java.util.List;

/**
 * A command that a person types at the debugger behind {@code monitor}.
 *
 * @param usage its name and what it takes; the first word is the name
 * @param help what it does, in a line
 * @param action does it
 */
public record MonitorCommand(String usage, String help, Action action) {
  /** Does what a command says. */
  @FunctionalInterface
  public interface Action {
    /**
     * Does it.
     *
     * @param present what the debugger is attached to
     * @param arguments what follows the name
     * @return what is to be printed
     * @throws IOException if it cannot be done; the message is a sentence
     * @throws IllegalArgumentException if the arguments are not right; the message is a sentence,
     *     or empty for the usage
     */
    String run(Present present, List<String> arguments) throws IOException;
  }

  /**
   * What a debugger is attached to.
   *
   * @param target the recording or machine
   * @param vcpu number of the vCPU that the debugger looks at
   * @param interruption asked while a command takes long, it keeps the debugger patient, and tells
   *     whether it wants no more
   */
  public record Present(DebugTarget target, int vcpu, DebugTarget.Interruption interruption) {
    /** The vCPU that the debugger looks at. */
    public Vcpu cpu() {
      return target.machine().vcpus().get(vcpu);
    }
  }

  /** What is to be typed. */
  String name() {
    return usage.split(" ", 2)[0];
  }
}
