package dev.hindsight.cli.ask;

import dev.hindsight.board.Machine;
import dev.hindsight.cpu.StopHit;
import dev.hindsight.cpu.StopObserver;
import dev.hindsight.cpu.Stops;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.x86.Disassembler;
import dev.hindsight.x86.Instruction;
import java.io.PrintStream;
import java.util.HexFormat;
import java.util.List;

/** Prints writes to memory: when, by whom, and what was there before and after. */
final class WriteReport implements StopObserver {
  private final Machine machine;
  private final MappedCode code;
  private final List<Stops.Range> ranges;
  private final int shown;
  private final PrintStream out;
  private String content = "";
  private long lastStep = -1;
  private boolean empty = true;

  /**
   * A report on ranges of physical memory.
   *
   * @param shown number of bytes of them that are shown
   */
  WriteReport(Machine machine, List<Stops.Range> ranges, int shown, PrintStream out) {
    this.machine = machine;
    this.code = new MappedCode(machine.vcpus().getFirst().model());
    this.ranges = ranges;
    this.shown = shown;
    this.out = out;
  }

  /** Looks at what is there before the first write. */
  void begin() {
    content = content();
  }

  /** Whether nothing was reported. */
  boolean isEmpty() {
    return empty;
  }

  @Override
  public boolean hit(StopHit hit) {
    if (hit.vcpu() != StopHit.DEVICE && hit.steps() == lastStep) {
      return false; // one step, two pages
    }
    lastStep = hit.vcpu() == StopHit.DEVICE ? -1 : hit.steps();
    empty = false;
    String before = content;
    content = content();
    String who =
        hit.vcpu() == StopHit.DEVICE
            ? "a device"
            : "CPU %d  %016x  %s".formatted(hit.vcpu(), hit.address(), instruction(hit));
    out.printf("tick %d  step %d  %s  %s -> %s%n", hit.tick(), hit.steps(), who, before, content);
    return false;
  }

  private String instruction(StopHit hit) {
    Vcpu cpu = machine.vcpus().get(hit.vcpu());
    return code.decode(cpu, hit.address()) instanceof Instruction in
        ? Disassembler.text(in, hit.address())
        : "(its code is not mapped any more)";
  }

  private String content() {
    StringBuilder text = new StringBuilder();
    int left = shown;
    for (Stops.Range r : ranges) {
      for (long i = 0; i < r.length() && left > 0; i++, left--) {
        long value = machine.memory().peek(r.start() + i, 1) & 0xFF;
        text.append(HexFormat.of().toHexDigits((byte) value));
      }
    }
    return text.toString();
  }
}
