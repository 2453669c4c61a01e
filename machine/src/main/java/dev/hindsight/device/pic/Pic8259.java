package dev.hindsight.device.pic;

/**
 * One 8259A. {@link DualPic} wires two of them as a PC does.
 *
 * <p>Supported: edge and level triggering (by ELCR, as in PCs since EISA, and by ICW1.LTIM),
 * specific and non-specific EOI, automatic EOI, rotation, special mask mode, special fully nested
 * mode, poll. MCS-80 mode is not: vectors are always those of 8086 mode.
 */
final class Pic8259 {
  private static final int ICW1 = 1 << 4;
  private static final int ICW1_NEEDS_ICW4 = 1;
  private static final int ICW1_SINGLE = 1 << 1;
  private static final int ICW1_LEVEL = 1 << 3;
  private static final int ICW4_AUTO_EOI = 1 << 1;
  private static final int ICW4_SPECIAL_NESTED = 1 << 4;
  private static final int OCW3 = 1 << 3;

  private int irr;
  private int isr;
  private int imr;
  private int lines;
  private int levelTriggered;
  private int vectorBase;
  private int cascade;
  private int icw1;
  private int icw4;
  private int initStep;
  private int lowest = 7;
  private boolean rotateOnAutoEoi;
  private boolean readIsr;
  private boolean specialMask;
  private boolean poll;

  /** The whole state; {@code lines} are the inputs as they stand. */
  record State(
      int irr,
      int isr,
      int imr,
      int lines,
      int levelTriggered,
      int vectorBase,
      int cascade,
      int icw1,
      int icw4,
      int initStep,
      int lowest,
      boolean rotateOnAutoEoi,
      boolean readIsr,
      boolean specialMask,
      boolean poll) {}

  State save() {
    return new State(
        irr,
        isr,
        imr,
        lines,
        levelTriggered,
        vectorBase,
        cascade,
        icw1,
        icw4,
        initStep,
        lowest,
        rotateOnAutoEoi,
        readIsr,
        specialMask,
        poll);
  }

  void load(State s) {
    irr = s.irr;
    isr = s.isr;
    imr = s.imr;
    lines = s.lines;
    levelTriggered = s.levelTriggered;
    vectorBase = s.vectorBase;
    cascade = s.cascade;
    icw1 = s.icw1;
    icw4 = s.icw4;
    initStep = s.initStep;
    lowest = s.lowest;
    rotateOnAutoEoi = s.rotateOnAutoEoi;
    readIsr = s.readIsr;
    specialMask = s.specialMask;
    poll = s.poll;
  }

  void reset() {
    load(new State(0, 0, 0, lines, 0, 0, 0, 0, 0, 0, 7, false, false, false, false));
  }

  /** Drives an input, 0 to 7. */
  void line(int n, boolean level) {
    int bit = 1 << n;
    boolean was = (lines & bit) != 0;
    lines = level ? lines | bit : lines & ~bit;
    if (isLevel(bit)) {
      irr = level ? irr | bit : irr & ~bit;
    } else if (level && !was) {
      irr |= bit;
    } else if (!level) {
      // an edge that goes away before it is acknowledged is lost
      irr &= ~bit;
    }
  }

  private boolean isLevel(int bit) {
    return (icw1 & ICW1_LEVEL) != 0 || (levelTriggered & bit) != 0;
  }

  /** Edge/level control register: a bit for each level-triggered input. */
  int levelTriggered() {
    return levelTriggered;
  }

  void levelTriggered(int mask) {
    levelTriggered = mask;
    followLevels();
  }

  /** Requests of level-triggered inputs are what the lines are. */
  private void followLevels() {
    int levels = (icw1 & ICW1_LEVEL) != 0 ? 0xFF : levelTriggered;
    irr = (irr & ~levels) | (lines & levels);
  }

  /** Distance in priority from the highest, 0 to 7. */
  private int rank(int n) {
    return (n - lowest - 1) & 7;
  }

  /** The input of the highest priority in a mask, or -1. */
  private int highest(int mask) {
    for (int i = 1; i <= 8; i++) {
      int n = (lowest + i) & 7;
      if ((mask & 1 << n) != 0) {
        return n;
      }
    }
    return -1;
  }

  /**
   * The input that would be acknowledged now, or -1.
   *
   * @param slaves inputs at which there is a slave, for special fully nested mode
   */
  int pending(int slaves) {
    int request = highest(irr & ~imr);
    if (request < 0) {
      return -1;
    }
    // in special mask mode what is masked does not hold back others while it is in service
    int inService = specialMask ? isr & ~imr : isr;
    if ((icw4 & ICW4_SPECIAL_NESTED) != 0) {
      // requests of a slave are let through even while one of them is in service
      inService &= ~(slaves & 1 << request);
    }
    int serving = highest(inService);
    return serving < 0 || rank(request) < rank(serving) ? request : -1;
  }

  /** Takes a request: the first acknowledge pulse. */
  void take(int n) {
    int bit = 1 << n;
    if (!isLevel(bit)) {
      irr &= ~bit;
    }
    if ((icw4 & ICW4_AUTO_EOI) != 0) {
      if (rotateOnAutoEoi) {
        lowest = n;
      }
    } else {
      isr |= bit;
    }
  }

  /** The vector of an input; 7 also where there is none (a spurious interrupt). */
  int vector(int n) {
    return vectorBase | (n < 0 ? 7 : n);
  }

  // ---- registers

  int peek(int offset, int slaves) {
    if (poll) {
      int n = pending(slaves);
      return n < 0 ? 0 : 0x80 | n;
    }
    return (offset & 1) != 0 ? imr : readIsr ? isr : irr;
  }

  int read(int offset, int slaves) {
    int value = peek(offset, slaves);
    if (poll) {
      // a poll is an acknowledge cycle
      poll = false;
      int n = pending(slaves);
      if (n >= 0) {
        take(n);
      }
    }
    return value;
  }

  void write(int offset, int value) {
    if ((offset & 1) == 0) {
      if ((value & ICW1) != 0) {
        initialize(value);
      } else if ((value & OCW3) != 0) {
        writeOcw3(value);
      } else {
        writeOcw2(value);
      }
    } else {
      writeData(value);
    }
  }

  private void initialize(int value) {
    icw1 = value;
    imr = 0;
    isr = 0;
    irr = 0;
    lowest = 7;
    specialMask = false;
    readIsr = false;
    poll = false;
    rotateOnAutoEoi = false;
    if ((value & ICW1_NEEDS_ICW4) == 0) {
      icw4 = 0;
    }
    initStep = 2;
    // level-triggered requests that stand are seen again; edges must come anew
    followLevels();
  }

  private void writeData(int value) {
    switch (initStep) {
      case 2 -> {
        vectorBase = value & 0xF8;
        initStep = (icw1 & ICW1_SINGLE) == 0 ? 3 : (icw1 & ICW1_NEEDS_ICW4) != 0 ? 4 : 0;
      }
      case 3 -> {
        cascade = value;
        initStep = (icw1 & ICW1_NEEDS_ICW4) != 0 ? 4 : 0;
      }
      case 4 -> {
        icw4 = value;
        initStep = 0;
      }
      default -> imr = value;
    }
  }

  private void writeOcw2(int value) {
    int n = value & 7;
    switch (value >>> 5) {
      case 0 -> rotateOnAutoEoi = false;
      case 1 -> endOfInterrupt(highestInService(), false);
      case 3 -> endOfInterrupt(n, false);
      case 4 -> rotateOnAutoEoi = true;
      case 5 -> endOfInterrupt(highestInService(), true);
      case 6 -> lowest = n;
      case 7 -> endOfInterrupt(n, true);
      default -> {
        // 2: no operation
      }
    }
  }

  private int highestInService() {
    return highest(specialMask ? isr & ~imr : isr);
  }

  private void endOfInterrupt(int n, boolean rotate) {
    if (n >= 0) {
      isr &= ~(1 << n);
      if (rotate) {
        lowest = n;
      }
    }
  }

  private void writeOcw3(int value) {
    if ((value & 0x40) != 0) {
      specialMask = (value & 0x20) != 0;
    }
    if ((value & 2) != 0) {
      readIsr = (value & 1) != 0;
    }
    poll = (value & 4) != 0;
  }
}
