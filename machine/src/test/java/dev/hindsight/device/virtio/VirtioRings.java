package dev.hindsight.device.virtio;

import dev.hindsight.bus.PhysicalMemory;

/** Rings with requests in them that make sense to each type of device, for whoever notifies it. */
public final class VirtioRings {
  /** Bytes of memory that they need. */
  public static final int LENGTH = 0x8000;

  private static final int CHAINS = 12;
  private static final int[] REQUESTS = {0, 1, 4, 8, 99};

  private VirtioRings() {}

  /** Fills the rings of the first two queues, as {@link VirtioDriver} lays them out. */
  public static void fill(VirtioDriver driver, PhysicalMemory memory) {
    for (int queue = 0; queue < 2; queue++) {
      for (int n = 0; n < CHAINS; n++) {
        long header = 0x4000 + 16L * n;
        memory.write(header, 4, REQUESTS[n % REQUESTS.length]);
        memory.write(header + 8, 8, n);
        boolean out = REQUESTS[n % REQUESTS.length] == 1;
        VirtioDriver.Buffer[] buffers = {
          new VirtioDriver.Buffer(header, 16, false),
          new VirtioDriver.Buffer(0x5000, 512, !out),
          new VirtioDriver.Buffer(0x6000 + n, 1, true)
        };
        if (n % 2 == 0) {
          driver.addIndirect(queue, 0x7000 + 64L * n + 0x400L * queue, buffers);
        } else {
          driver.add(queue, buffers);
        }
      }
    }
  }
}
