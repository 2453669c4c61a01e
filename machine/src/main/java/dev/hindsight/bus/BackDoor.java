package dev.hindsight.bus;

import java.util.OptionalLong;

/**
 * A door through which a guest calls the machine that it runs in: an IN or OUT that passes
 * registers, and is answered at any privilege level. What is no call is an ordinary access to a
 * port, with the checks that go with it.
 */
public interface BackDoor {
  /** Nobody answers. */
  BackDoor CLOSED =
      new BackDoor() {
        @Override
        public boolean answers(int port, int bytes, Caller caller) {
          return false;
        }

        @Override
        public void call(int port, Caller caller) {}

        @Override
        public void put(int port, int value, Caller caller) {}
      };

  /**
   * Whether an access is a call.
   *
   * @param port 0 to 0xFFFF
   * @param bytes size of the access: 1, 2 or 4
   */
  boolean answers(int port, int bytes, Caller caller);

  /** IN or OUT was executed; what comes back is written to the caller's registers. */
  void call(int port, Caller caller);

  /**
   * OUTS was executed.
   *
   * @param value the datum
   */
  void put(int port, int value, Caller caller);

  /** The vCPU that calls. */
  interface Caller {
    /**
     * A general register.
     *
     * @param number its number: RAX 0, RCX 1, RDX 2, RBX 3, RSP 4, RBP 5, RSI 6, RDI 7
     */
    long register(int number);

    /** Writes the low half of a register as a 32-bit instruction does. */
    void register32(int number, int value);

    /** Number of the vCPU. */
    int vcpu();

    /** Physical address of the root of the paging structures; 0 where paging is off. */
    long addressSpace();

    /** Linear address of a datum at DS:offset, or at the offset in 64-bit mode. */
    long linear(long offset);

    /** Where a linear address is mapped to, if it is; nothing changes by asking. */
    OptionalLong physical(long linear);
  }
}
