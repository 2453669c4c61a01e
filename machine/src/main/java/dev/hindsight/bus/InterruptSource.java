package dev.hindsight.bus;

/**
 * What stands behind a CPU's INTR pin: the local APIC, or an 8259 where there is none. The level of
 * the pin itself reaches the CPU through an {@link InterruptLine}.
 */
public interface InterruptSource {
  /** A source that never has anything. */
  InterruptSource NONE =
      new InterruptSource() {
        @Override
        public int acknowledge() {
          return 0xFF;
        }

        @Override
        public int taskPriority() {
          return 0;
        }

        @Override
        public void taskPriority(int value) {}
      };

  /**
   * The interrupt-acknowledge cycle: takes the interrupt of the highest priority.
   *
   * @return its vector, 0 to 255
   */
  int acknowledge();

  /** The task-priority class that CR8 shows, 0 to 15. */
  int taskPriority();

  /** MOV to CR8; value 0 to 15. */
  void taskPriority(int value);
}
