package dev.hindsight.device.pit;

/**
 * A counter of an 8254 that is clocked pulse by pulse, as the mode definitions of the data sheet
 * tell it. It knows nothing of how {@link Counter} computes the same.
 */
final class SteppedCounter {
  private int mode;
  private boolean bcd;
  private int access = 3;
  private boolean highNext;
  private int low;

  /** Count register, and whether it holds anything; counting element. */
  private int register;

  private boolean hasRegister;
  private boolean nullCount = true;
  private int element;
  private int loadedCount;

  private boolean loadNext;
  private boolean trigger;
  private boolean running;
  private boolean strobe;
  private boolean out;
  private boolean gate = true;

  private boolean isPeriodic() {
    return mode == 2 || mode == 3;
  }

  private boolean isGateTriggered() {
    return mode == 1 || mode == 5;
  }

  void command(int newAccess, int newMode, boolean newBcd) {
    access = newAccess;
    mode = newMode;
    bcd = newBcd;
    highNext = false;
    hasRegister = false;
    nullCount = true;
    loadNext = false;
    trigger = false;
    running = false;
    strobe = false;
    out = mode != 0;
  }

  void write(int value) {
    if (access == 3 && !highNext) {
      low = value;
      highNext = true;
      if (mode == 0) {
        running = false;
        loadNext = false;
        out = false;
        nullCount = true;
        hasRegister = false;
      }
      return;
    }
    int encoded = access == 1 ? value : access == 2 ? value << 8 : low | value << 8;
    highNext = false;
    int n = bcd ? Integer.parseInt(Integer.toHexString(encoded)) : encoded;
    register = n == 0 ? modulus() : n;
    hasRegister = true;
    nullCount = true;
    if (mode == 0) {
      out = false;
    }
    if (mode == 0 || mode == 4 || (isPeriodic() && !running)) {
      loadNext = true;
    }
  }

  void gate(boolean level) {
    if (level && !gate && hasRegister && (isGateTriggered() || isPeriodic())) {
      trigger = true;
    }
    gate = level;
    if (!level && isPeriodic()) {
      out = true;
      trigger = false;
    }
  }

  /** One pulse of the clock. */
  void clock() {
    if (strobe) {
      strobe = false;
      out = true;
    }
    if (loadNext || trigger) {
      load();
      if (mode == 1) {
        out = false;
      } else if (isPeriodic()) {
        out = !gate || mode != 2 || element != 1;
      }
    } else if (running && (gate || isGateTriggered())) {
      count();
    }
  }

  private void load() {
    loadNext = false;
    trigger = false;
    running = true;
    nullCount = false;
    loadedCount = register;
    element = mode == 3 ? register & ~1 : register;
  }

  private void count() {
    switch (mode) {
      case 2 -> {
        if (element == 1) {
          load();
          out = true;
        } else {
          element--;
          out = element != 1;
        }
      }
      case 3 -> countSquare();
      default -> {
        element = Math.floorMod(element - 1, modulus());
        if (element == 0) {
          terminal();
        }
      }
    }
  }

  private void terminal() {
    if (mode <= 1) {
      out = true;
    } else if (loadedCount != 0) {
      out = false;
      strobe = true;
      // the strobe comes once, not again when the element has gone all the way round
      loadedCount = 0;
    }
  }

  private void countSquare() {
    boolean odd = (loadedCount & 1) != 0;
    if (odd && out && element == 0) {
      load();
      out = false;
      return;
    }
    element -= 2;
    if (element == 0 && !(odd && out)) {
      boolean next = !out;
      load();
      out = next;
    }
  }

  int modulus() {
    return bcd ? 10_000 : 0x10000;
  }

  int access() {
    return access;
  }

  int mode() {
    return mode;
  }

  boolean isLoaded() {
    return running;
  }

  boolean isStrobing() {
    return strobe;
  }

  boolean gate() {
    return gate;
  }

  boolean out() {
    return out;
  }

  int status() {
    return (out ? 0x80 : 0) | (nullCount ? 0x40 : 0) | access << 4 | mode << 1 | (bcd ? 1 : 0);
  }

  /** The counting element as it reads. */
  int shown() {
    int v = element % modulus();
    return bcd ? Integer.parseInt(Integer.toString(v), 16) : v;
  }
}
