package dev.hindsight.device.apic;

import dev.hindsight.bus.ApicMessage;

/**
 * Who a local APIC is: its IDs, and which messages are therefore meant for it (SDM volume 3,
 * sections "Determining IPI Destination" and "Logical Destination Mode in x2APIC Mode").
 */
final class ApicIdentity {
  private static final int XAPIC_BROADCAST = 0xFF;
  private static final int X2APIC_BROADCAST = -1;
  private static final int FLAT = 0xF;

  private final int initialId;
  private int xapicId;
  private int logicalDestination;
  private int destinationFormat;

  /** What it is after a reset. */
  ApicIdentity(int initialId) {
    this.initialId = initialId;
    xapicId = initialId;
    resetLogical();
  }

  /** The ID that hardware gave, which is the one of x2APIC mode. */
  int initialId() {
    return initialId;
  }

  /** The ID of xAPIC mode, 0 to 255; software can change it. */
  int xapicId() {
    return xapicId;
  }

  void xapicId(int value) {
    xapicId = value;
  }

  /** Forgets the ID that software gave. */
  void resetId() {
    xapicId = initialId;
  }

  /** Logical destination register of xAPIC mode: the logical ID is in its upper eight bits. */
  int logicalDestination() {
    return logicalDestination;
  }

  void logicalDestination(int value) {
    logicalDestination = value;
  }

  /** Destination format register: the model is in its upper four bits. */
  int destinationFormat() {
    return destinationFormat;
  }

  void destinationFormat(int value) {
    destinationFormat = value;
  }

  /** After INIT: no logical ID, flat model. */
  void resetLogical() {
    logicalDestination = 0;
    destinationFormat = -1;
  }

  /** The logical ID of x2APIC mode, which follows from the ID: cluster, and a bit within it. */
  int x2apicLogicalId() {
    return initialId >>> 4 << 16 | 1 << (initialId & 15);
  }

  /** Whether a message is meant for this APIC. */
  boolean isMeantBy(ApicMessage m, boolean x2apic) {
    return switch (m.target()) {
      case ALL -> true;
      case ALL_BUT_SENDER -> m.sender() != initialId;
      case PHYSICAL -> isBroadcast(m, x2apic) || m.destination() == (x2apic ? initialId : xapicId);
      case LOGICAL ->
          isBroadcast(m, x2apic)
              || (x2apic ? isInCluster(m.destination()) : isInXapicSet(m.destination()));
    };
  }

  /** I/O APICs and devices have eight bits for a destination, in x2APIC mode too. */
  private static boolean isBroadcast(ApicMessage m, boolean x2apic) {
    return x2apic
        ? m.destination() == X2APIC_BROADCAST
            || (m.sender() < 0 && m.destination() == XAPIC_BROADCAST)
        : m.destination() == XAPIC_BROADCAST;
  }

  private boolean isInCluster(int destination) {
    int mine = x2apicLogicalId();
    return destination >>> 16 == mine >>> 16 && (destination & mine & 0xFFFF) != 0;
  }

  private boolean isInXapicSet(int destination) {
    int mine = logicalDestination >>> 24;
    if (destinationFormat >>> 28 == FLAT) {
      return (destination & mine) != 0;
    }
    return destination >>> 4 == mine >>> 4 && (destination & mine & 15) != 0;
  }
}
