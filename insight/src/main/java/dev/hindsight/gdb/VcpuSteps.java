package dev.hindsight.gdb;

import dev.hindsight.board.Machine;
import dev.hindsight.cpu.Stops;
import dev.hindsight.cpu.Vcpu;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How many steps each vCPU had made, to see which one has made another. */
final class VcpuSteps {
  private final long[] steps;

  VcpuSteps(Machine machine) {
    steps = machine.vcpus().stream().mapToLong(Vcpu::steps).toArray();
  }

  /** Whether a vCPU has made steps since. */
  boolean hasMoved(Vcpu cpu) {
    return cpu.steps() != steps[cpu.index()];
  }

  /**
   * A vCPU that has come to a breakpoint since, or null.
   *
   * @param but one that does not count
   */
  StopReason.@Nullable Breakpoint arrived(Machine machine, int but, Stops stops) {
    List<Vcpu> vcpus = machine.vcpus();
    for (Vcpu cpu : vcpus) {
      if (cpu.index() != but && hasMoved(cpu) && stops.code().contains(cpu.linearRip())) {
        return new StopReason.Breakpoint(cpu.index(), cpu.linearRip());
      }
    }
    return null;
  }
}
