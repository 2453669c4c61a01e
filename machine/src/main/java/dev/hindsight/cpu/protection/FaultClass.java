package dev.hindsight.cpu.protection;

import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.Vector;
import org.jspecify.annotations.Nullable;

/**
 * Which pairs of exceptions make a double fault (SDM volume 3, section 6.15, "Interrupt 8", tables
 * of interrupt classes and of conditions).
 */
enum FaultClass {
  BENIGN,
  CONTRIBUTORY,
  PAGE_FAULT,
  DOUBLE_FAULT;

  /** The class of an exception. */
  static FaultClass of(Vector vector) {
    return switch (vector) {
      case DE, TS, NP, SS, GP -> CONTRIBUTORY;
      case PF -> PAGE_FAULT;
      case DF -> DOUBLE_FAULT;
      default -> BENIGN;
    };
  }

  /**
   * What is delivered when delivering a first fault raised a second.
   *
   * @return the second fault, or #DF; null for shutdown
   */
  static @Nullable GuestFault combine(GuestFault first, GuestFault second) {
    FaultClass a = of(first.vector());
    FaultClass b = of(second.vector());
    if (b == BENIGN) {
      return second;
    }
    return switch (a) {
      case BENIGN -> second;
      case CONTRIBUTORY -> b == CONTRIBUTORY ? doubleFault() : second;
      case PAGE_FAULT -> doubleFault();
      case DOUBLE_FAULT -> null;
    };
  }

  private static GuestFault doubleFault() {
    return GuestFault.of(Vector.DF, 0);
  }
}
