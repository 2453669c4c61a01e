package dev.hindsight.cpu;

/**
 * MSRs that are plain state of the CPU, by their architectural numbers. Numbers with state
 * elsewhere (EFER, FS.base, GS.base, the APIC's) are not here.
 */
public final class ModelSpecificRegisters {
  /** All at their reset values. */
  public ModelSpecificRegisters() {}

  /** The values after RESET#. */
  public void reset() {}

  /** All registers. */
  long[] save() {
    return new long[0];
  }

  /** The reverse of {@link #save}. */
  void load(long[] state) {}
}
