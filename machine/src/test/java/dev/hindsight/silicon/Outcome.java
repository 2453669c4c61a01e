package dev.hindsight.silicon;

/**
 * What became of a case.
 *
 * @param end how it ended
 * @param vector the exception that ended it, if one did
 * @param errorCode its error code, 0 if it has none
 * @param faultAddress the linear address of a page fault, else 0
 * @param state the registers then; RIP is what delivery would push
 * @param changedAddresses addresses of the aligned quadwords in the data pages that changed,
 *     ascending
 * @param changedValues what they are now
 */
record Outcome(
    End end,
    int vector,
    int errorCode,
    long faultAddress,
    CpuState state,
    long[] changedAddresses,
    long[] changedValues) {

  /** How a case can end. */
  enum End {
    /** By an exception, be it the INT3 that follows the code. */
    EXCEPTION,
    /** Not within the time or the number of steps that a case has. */
    ENDLESS,
    /** By a system call, which is not carried out. */
    SYSTEM_CALL,
    /** By something that the runner cannot name. */
    OTHER
  }
}
