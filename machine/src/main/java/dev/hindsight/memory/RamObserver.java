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

  /**
   * A page has other contents and another address now, because an earlier state came back.
   *
   * @param page page number within the RAM
   */
  void pageReplaced(long page);

  /** All addresses are void. Pages that {@link #pageReplaced} was not told of have kept theirs. */
  void addressesRevoked();
}
