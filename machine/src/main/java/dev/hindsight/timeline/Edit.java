package dev.hindsight.timeline;

import dev.hindsight.board.Machine;
import java.util.Arrays;

/** A change of a machine by somebody outside of it, as a debugger makes it. */
public sealed interface Edit {
  /**
   * Checks that a machine has what is to be changed.
   *
   * @throws IllegalArgumentException if it does not; the message is a sentence
   */
  void check(Machine machine);

  /**
   * Makes the change, between two steps.
   *
   * @throws IllegalArgumentException if it cannot be made; nothing has changed then. The message is
   *     a sentence.
   */
  void apply(Machine machine);

  /**
   * A write of a register.
   *
   * @param vcpu number of the vCPU, from 0
   * @param register the register
   * @param value its new value, zero-extended
   */
  record Register(int vcpu, VcpuRegister register, long value) implements Edit {
    @Override
    public void check(Machine machine) {
      int all = machine.vcpus().size();
      if (vcpu < 0 || vcpu >= all) {
        throw new IllegalArgumentException(
            "The machine has the CPUs 0 to %d; there is no CPU %d.".formatted(all - 1, vcpu));
      }
      register.check(machine.vcpus().get(vcpu).model());
    }

    @Override
    public void apply(Machine machine) {
      check(machine);
      register.write(machine.vcpus().get(vcpu), value);
    }
  }

  /**
   * A write to RAM. Caches of code and of translations hear of it, as of DMA.
   *
   * @param address physical address of the first byte
   * @param bytes what is written, one byte at least
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Memory(long address, byte[] bytes) implements Edit {
    /**
     * Copies the bytes.
     *
     * @throws IllegalArgumentException if there are none
     */
    public Memory {
      if (bytes.length == 0) {
        throw new IllegalArgumentException("A write to memory has one byte at least.");
      }
      bytes = bytes.clone();
    }

    @Override
    public byte[] bytes() {
      return bytes.clone();
    }

    @Override
    public void check(Machine machine) {
      if (!machine.memory().isRam(address, bytes.length)) {
        throw new IllegalArgumentException(
            bytes.length == 1
                ? "There is no RAM at the physical address 0x%x.".formatted(address)
                : "There is no RAM at the physical addresses 0x%x to 0x%x."
                    .formatted(address, address + bytes.length - 1));
      }
    }

    @Override
    public void apply(Machine machine) {
      check(machine);
      machine.memory().write(address, bytes, 0, bytes.length);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Memory m && m.address == address && Arrays.equals(m.bytes, bytes);
    }

    @Override
    public int hashCode() {
      return 31 * Long.hashCode(address) + Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      return "Memory[address=0x%x, bytes=%s]".formatted(address, Arrays.toString(bytes));
    }
  }
}
