package dev.hindsight.bus;

import java.util.OptionalLong;

/**
 * Model-specific registers that live outside the CPU proper (the local APIC's, a PMU's). The CPU
 * asks here for numbers it does not know itself; what nobody knows is #GP(0).
 */
public interface MsrBus {
  /** A bus on which there is nothing. */
  MsrBus EMPTY =
      new MsrBus() {
        @Override
        public OptionalLong read(int vcpu, int number) {
          return OptionalLong.empty();
        }

        @Override
        public boolean write(int vcpu, int number, long value) {
          return false;
        }
      };

  /**
   * Reads a register of a vCPU.
   *
   * @return its value, or empty if RDMSR is to fault
   */
  OptionalLong read(int vcpu, int number);

  /**
   * Writes a register of a vCPU.
   *
   * @return false if WRMSR is to fault
   */
  boolean write(int vcpu, int number, long value);
}
