package dev.hindsight.timeline;

import dev.hindsight.board.DiskDescription;
import dev.hindsight.board.Machine;
import dev.hindsight.board.MachineState;
import dev.hindsight.board.StateDigest;
import dev.hindsight.bus.state.StateDifferences;
import dev.hindsight.memory.GuestRam;
import dev.hindsight.memory.HostMemory;
import dev.hindsight.memory.RamSnapshot;
import java.util.ArrayList;
import java.util.List;

/**
 * Where two states differ: fields of parts and bytes of memory and disks, the first of each in full
 * and the rest as a number.
 */
final class StateComparison {
  private static final int MOST_FIELDS = 200;
  private static final int MOST_BYTES = 256;

  private final List<StateDifferences.Difference> fields = new ArrayList<>();
  private final List<ByteDifference> bytes = new ArrayList<>();
  private long moreBytes;

  private StateComparison() {}

  /**
   * Compares the present states of two machines.
   *
   * @return differences, where the machines have the same parts; if not, which parts they have
   */
  static StateComparison of(Machine first, Machine second) {
    StateComparison comparison = new StateComparison();
    List<String> names = partNames(first);
    if (!names.equals(partNames(second))) {
      comparison.compareParts(names, partNames(second));
      return comparison;
    }
    try (MachineState a = first.save();
        MachineState b = second.save()) {
      comparison.fields.addAll(first.partDifferences(a, b, Integer.MAX_VALUE));
      comparison.compareBytes(StateDigest.MEMORY, a.memory(), b.memory());
      List<DiskDescription> disks = first.description().disks();
      for (int i = 0; i < disks.size(); i++) {
        comparison.compareBytes(disks.get(i).name(), a.disks().get(i), b.disks().get(i));
      }
    }
    return comparison;
  }

  private static List<String> partNames(Machine machine) {
    return machine.digest().parts().stream().map(StateDigest.Entry::name).toList();
  }

  private void compareParts(List<String> first, List<String> second) {
    for (String name : first) {
      if (!second.contains(name)) {
        fields.add(new StateDifferences.Difference(name, "present", "absent"));
      }
    }
    for (String name : second) {
      if (!first.contains(name)) {
        fields.add(new StateDifferences.Difference(name, "absent", "present"));
      }
    }
  }

  private void compareBytes(String where, RamSnapshot first, RamSnapshot second) {
    if (first.pages() != second.pages()) {
      fields.add(
          new StateDifferences.Difference(
              where, first.pages() + " pages", second.pages() + " pages"));
      return;
    }
    first.differences(
        second,
        page -> {
          long a = first.readAddress(page);
          long b = second.readAddress(page);
          for (int i = 0; i < GuestRam.PAGE_BYTES; i += Long.BYTES) {
            if (HostMemory.getLong(a + i) != HostMemory.getLong(b + i)) {
              compareBytes(where, page * GuestRam.PAGE_BYTES + i, a + i, b + i);
            }
          }
        });
  }

  private void compareBytes(String where, long address, long a, long b) {
    for (int i = 0; i < Long.BYTES; i++) {
      int first = HostMemory.getByte(a + i) & 0xFF;
      int second = HostMemory.getByte(b + i) & 0xFF;
      if (first != second && bytes.size() == MOST_BYTES) {
        moreBytes++;
      } else if (first != second) {
        bytes.add(new ByteDifference(where, address + i, first, second));
      }
    }
  }

  List<StateDifferences.Difference> fields() {
    return fields.subList(0, Math.min(MOST_FIELDS, fields.size()));
  }

  int moreFields() {
    return fields.size() - fields().size();
  }

  List<ByteDifference> bytes() {
    return bytes;
  }

  long moreBytes() {
    return moreBytes;
  }
}
