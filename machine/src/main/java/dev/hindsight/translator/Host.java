package dev.hindsight.translator;

/** What the host's processor must be able to do. */
final class Host {
  private Host() {}

  /**
   * Checks it.
   *
   * @throws HostRefusal if it cannot
   */
  static void check() throws HostRefusal {}
}
