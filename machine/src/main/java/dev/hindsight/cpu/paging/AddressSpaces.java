package dev.hindsight.cpu.paging;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The address spaces whose translations are kept: at most {@link #LIMIT}, the least recent go. */
final class AddressSpaces {
  /** How many there can be: page tables note their users in the bits of a long. */
  static final int LIMIT = 64;

  private final int capacity;
  private final List<AddressSpace> spaces = new ArrayList<>();
  private final Map<PagingContext, AddressSpace> byContext = new HashMap<>();
  private long uses;

  AddressSpaces(int capacity) {
    this.capacity = capacity;
  }

  AddressSpace get(int number) {
    return spaces.get(number);
  }

  /** Finds or makes the space of a context, and pins it. */
  AddressSpace pin(PagingContext context) {
    AddressSpace space = byContext.get(context);
    if (space == null) {
      space = spaces.size() < LIMIT ? add(context) : recycle(context);
      byContext.put(context, space);
    }
    space.pin();
    return space;
  }

  void unpin(AddressSpace space) {
    space.unpin(++uses);
  }

  private AddressSpace add(PagingContext context) {
    AddressSpace space = new AddressSpace(spaces.size(), context, capacity);
    spaces.add(space);
    return space;
  }

  private AddressSpace recycle(PagingContext context) {
    AddressSpace oldest = null;
    for (AddressSpace s : spaces) {
      if (!s.pinned() && (oldest == null || s.lastUse() < oldest.lastUse())) {
        oldest = s;
      }
    }
    if (oldest == null) {
      throw new IllegalStateException("more than " + LIMIT + " vCPUs share the TLBs");
    }
    byContext.remove(oldest.context());
    oldest.reuseFor(context);
    return oldest;
  }

  List<AddressSpace> all() {
    return spaces;
  }
}
