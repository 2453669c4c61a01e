package dev.hindsight.silicon;

/**
 * Code and the state to run it from.
 *
 * @param mode 64 or 32: the kind of code segment
 * @param codeOffset where in the code pages the first byte lies; the bytes around the code are INT3
 * @param code at most {@link Layout#CODE_BYTES} bytes
 * @param initial the registers; RIP and selectors follow from mode and offset and are ignored
 */
record TestCase(int mode, int codeOffset, byte[] code, CpuState initial) {
  /** Address of the first instruction. */
  long start() {
    return Layout.CODE_BASE + codeOffset;
  }
}
