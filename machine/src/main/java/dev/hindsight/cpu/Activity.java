package dev.hindsight.cpu;

/**
 * Whether a vCPU executes instructions (SDM volume 3, "Guest Non-Register State" uses these terms).
 */
public enum Activity {
  /** It executes instructions. */
  ACTIVE,
  /** After HLT (or MWAIT): until an interrupt, NMI, INIT or reset. */
  HALTED,
  /** After a triple fault: until INIT, NMI or reset. */
  SHUTDOWN,
  /** After INIT, on an application processor: until a start-up IPI. */
  WAIT_FOR_SIPI
}
