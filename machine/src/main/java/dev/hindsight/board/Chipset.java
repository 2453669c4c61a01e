package dev.hindsight.board;

/**
 * Which chips a machine has, where they sit and how they are wired. It is asked once for each
 * machine, and puts the chips into the {@link Sockets} in the order in which their deadlines come
 * at one tick.
 */
public interface Chipset {
  /** Name in a {@link MachineDescription}; another behaviour needs another name or version. */
  String name();

  /** Puts the chips in. */
  void install(Sockets sockets);
}
