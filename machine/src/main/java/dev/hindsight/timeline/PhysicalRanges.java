package dev.hindsight.timeline;

import dev.hindsight.bus.PhysicalMemory;
import dev.hindsight.cpu.Stops;
import dev.hindsight.cpu.Vcpu;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Where linear addresses lie in physical memory at an instant. A variable is best looked for there:
 * it is the same one in whichever address space it is written, and by devices too; and what was
 * written to other pages need not be looked at.
 */
public final class PhysicalRanges {
  private PhysicalRanges() {}

  /**
   * The ranges of physical memory behind a range of linear addresses, in their order, one a page.
   *
   * @param cpu whose present address space counts
   * @param start first linear address
   * @param length number of bytes, at least 1
   * @param access what is looked for
   * @return empty if a page is not there
   */
  public static List<Stops.Range> of(Vcpu cpu, long start, long length, Stops.Access access) {
    List<Stops.Range> all = new ArrayList<>();
    for (long done = 0; done < length; ) {
      long room = PhysicalMemory.PAGE_SIZE - (start + done & PhysicalMemory.PAGE_SIZE - 1);
      long piece = Math.min(length - done, room);
      OptionalLong physical = cpu.memory().look(start + done);
      if (physical.isEmpty()) {
        return List.of();
      }
      all.add(new Stops.Range(true, physical.getAsLong(), piece, access));
      done += piece;
    }
    return all;
  }
}
