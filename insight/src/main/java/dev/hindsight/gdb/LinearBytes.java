package dev.hindsight.gdb;

import dev.hindsight.bus.PhysicalMemory;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.timeline.Edit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/**
 * Memory as debuggers want it: by linear address through the page tables of a vCPU as they are,
 * without access rights, accessed bits, or side effects of registers.
 */
final class LinearBytes {
  private LinearBytes() {}

  /**
   * Bytes from an address on.
   *
   * @return as many as there are up to the first page that is not mapped
   */
  static byte[] read(Vcpu cpu, long start, int length) {
    byte[] bytes = new byte[length];
    int done = 0;
    while (done < length) {
      OptionalLong physical = cpu.memory().look(start + done);
      if (physical.isEmpty()) {
        return Arrays.copyOf(bytes, done);
      }
      int count = Math.min(length - done, restOfPage(start + done));
      readPhysical(cpu.physical(), physical.getAsLong(), bytes, done, count);
      done += count;
    }
    return bytes;
  }

  /** Bytes of physical memory. */
  static byte[] readPhysical(PhysicalMemory memory, long start, int length) {
    byte[] bytes = new byte[length];
    int done = 0;
    while (done < length) {
      int count = Math.min(length - done, restOfPage(start + done));
      readPhysical(memory, start + done, bytes, done, count);
      done += count;
    }
    return bytes;
  }

  private static void readPhysical(
      PhysicalMemory memory, long address, byte[] into, int offset, int length) {
    for (int i = 0; i < length; i++) {
      into[offset + i] = (byte) memory.peek(address + i, 1);
    }
  }

  /**
   * What is to be changed for bytes to be at an address.
   *
   * @return empty if a page is not mapped
   */
  static List<Edit> edits(Vcpu cpu, long start, byte[] bytes) {
    List<Edit> edits = new ArrayList<>();
    for (int done = 0; done < bytes.length; ) {
      int count = Math.min(bytes.length - done, restOfPage(start + done));
      OptionalLong physical = cpu.memory().look(start + done);
      if (physical.isEmpty()) {
        return List.of();
      }
      edits.add(
          new Edit.Memory(physical.getAsLong(), Arrays.copyOfRange(bytes, done, done + count)));
      done += count;
    }
    return edits;
  }

  private static int restOfPage(long address) {
    return PhysicalMemory.PAGE_SIZE - (int) (address & (PhysicalMemory.PAGE_SIZE - 1));
  }
}
