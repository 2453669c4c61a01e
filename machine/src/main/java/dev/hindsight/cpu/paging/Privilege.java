package dev.hindsight.cpu.paging;

/** The privilege of an access (SDM volume 3, section 4.6). */
public enum Privilege {
  /** CPL 3. */
  USER,
  /** Supervisor with SMAP in force: implicit accesses, and explicit ones with EFLAGS.AC clear. */
  SUPERVISOR,
  /** Supervisor with SMAP suspended by EFLAGS.AC. */
  SUPERVISOR_AC
}
