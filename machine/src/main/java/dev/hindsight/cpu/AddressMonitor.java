package dev.hindsight.cpu;

import dev.hindsight.bus.MemoryListener;
import dev.hindsight.bus.PhysicalMemory;

/**
 * The monitor that MONITOR arms and MWAIT waits for (SDM volume 3, section 9.10): one line of
 * physical memory. Any write to it, by any vCPU or device, disarms the monitor, and wakes a vCPU
 * that sleeps in MWAIT.
 *
 * <p>An armed monitor and a halted vCPU mean MWAIT: HLT disarms it first.
 */
public final class AddressMonitor implements MemoryListener {
  /** Bytes in a line, as CPUID leaf 5 says. */
  public static final int LINE = 64;

  private static final long NONE = -1;

  private final Vcpu cpu;
  private final PhysicalMemory memory;
  private long line = NONE;

  AddressMonitor(Vcpu cpu, PhysicalMemory memory) {
    this.cpu = cpu;
    this.memory = memory;
    memory.addListener(this);
  }

  /** Watches the line of a physical address, and no other. */
  public void arm(long physical) {
    disarm();
    line = memory.busAddress(physical) & -LINE;
    memory.watch(line >>> PhysicalMemory.PAGE_SHIFT, PhysicalMemory.Watch.MONITOR);
  }

  /** Watches nothing. */
  public void disarm() {
    if (line != NONE) {
      memory.unwatch(line >>> PhysicalMemory.PAGE_SHIFT, PhysicalMemory.Watch.MONITOR);
      line = NONE;
    }
  }

  /** Whether a line is watched that nobody has written since. */
  public boolean armed() {
    return line != NONE;
  }

  /** Physical address of the line, or -1: saved state. */
  long save() {
    return line;
  }

  /** The reverse of {@link #save}. */
  void load(long saved) {
    if (saved == NONE) {
      disarm();
    } else {
      arm(saved);
    }
  }

  @Override
  public void written(long address, int length) {
    if (line != NONE && address < line + LINE && address + length > line) {
      disarm();
      if (cpu.activity() == Activity.HALTED) {
        cpu.activity(Activity.ACTIVE);
      }
    }
  }

  @Override
  public void writeAccessRevoked() {
    // it holds no host addresses
  }

  @Override
  public void writeAccessRevoked(long page) {
    // it holds no host addresses
  }

  @Override
  public void pageMoved(long page) {
    // it holds no host addresses
  }

  @Override
  public void allAccessRevoked() {
    // it holds no host addresses, and a write that a restore undoes has not happened
  }

  @Override
  public void pageReplaced(long page) {
    // a write that a restore undoes has not happened
  }

  @Override
  public void addressesRevoked() {
    // it holds no host addresses
  }
}
