package dev.hindsight.gdb;

import dev.hindsight.cpu.StopHit;
import java.util.List;

/** Makes reasons for debuggers of what stopped a machine. */
final class HitReasons {
  private HitReasons() {}

  /**
   * The reason of hits of one instant, of which there is at least one: an access to memory rather
   * than a breakpoint, which will still be there.
   */
  static StopReason of(List<StopHit> hits) {
    return reason(
        hits.stream()
            .filter(h -> h.cause() instanceof StopHit.Access)
            .findFirst()
            .orElse(hits.getFirst()));
  }

  private static StopReason reason(StopHit hit) {
    return switch (hit.cause()) {
      case StopHit.Code(long linear) -> new StopReason.Breakpoint(hit.vcpu(), linear);
      case StopHit.Access a -> new StopReason.Watchpoint(hit.vcpu(), a.range(), a.linear());
      case StopHit.Happened _ -> new StopReason.Stepped(hit.vcpu());
    };
  }
}
