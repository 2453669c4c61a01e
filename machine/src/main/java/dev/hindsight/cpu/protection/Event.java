package dev.hindsight.cpu.protection;

/**
 * An interrupt or exception on its way to its handler, or the instruction that switches tasks.
 *
 * @param vector 0 to 255
 * @param byInstruction whether INT n, INT3 or INTO raised it: the gate's DPL counts then
 * @param ext EXT bit of the error codes of faults on the way: 0 for {@code byInstruction}, else 1
 * @param flags the EFLAGS image to be saved
 * @param pushesErrorCode whether the handler expects an error code
 * @param errorCode the error code, else 0
 */
record Event(
    int vector, boolean byInstruction, int ext, int flags, boolean pushesErrorCode, int errorCode) {

  /** INT n, INT3 or INTO. */
  static Event software(int vector, int flags) {
    return new Event(vector, true, 0, flags, false, 0);
  }

  /** An event that the program did not ask for, without error code. */
  static Event hardware(int vector, int flags) {
    return new Event(vector, false, 1, flags, false, 0);
  }
}
