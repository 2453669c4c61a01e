package dev.hindsight.memory;

/** Whoever keeps host addresses that a {@link GuestRam} gave out, or passes them on. */
public interface RamObserver {
  /** All addresses from {@link GuestRam#writeAddress} are void; those for reading stay valid. */
  void writeAccessRevoked();

  /**
   * A page has another address now: what was given out for reading it is void.
   *
   * @param page page number within the RAM
   */
  void pageMoved(long page);

  /** Contents and addresses are others now. */
  void contentsReplaced();
}
