package dev.hindsight.translator;

/**
 * Where an operand is for the host: a register, or memory.
 *
 * @param register the host's register, or {@link RegisterMap#NONE} if it is memory
 * @param base base register of the memory
 * @param displacement from it
 */
record Place(int register, int base, int displacement) {
  /** The memory that an access has just been emitted for. */
  static final Place ACCESSED = new Place(RegisterMap.NONE, HostRegister.ADDRESS, 0);

  /** Where a general register of the guest is. */
  static Place ofGeneral(int guest) {
    int host = RegisterMap.host(guest);
    return host == RegisterMap.NONE
        ? new Place(host, HostRegister.AREA, EngineArea.general(guest))
        : ofHost(host);
  }

  /** Where the selector of a segment register is, see {@link SegmentState}; 32 bits can be read. */
  static Place ofSelector(int segment) {
    return new Place(RegisterMap.NONE, HostRegister.AREA, EngineArea.selector(segment));
  }

  /** A register of the host. */
  static Place ofHost(int host) {
    return new Place(host, 0, 0);
  }

  boolean isRegister() {
    return register != RegisterMap.NONE;
  }
}
