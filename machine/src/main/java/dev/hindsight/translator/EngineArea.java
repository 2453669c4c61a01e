package dev.hindsight.translator;

import dev.hindsight.cpu.RegisterArea;
import dev.hindsight.memory.HostMemory;

/**
 * What emitted code and the engine tell each other, in the room for engines of a vCPU's {@link
 * RegisterArea}. Emitted code addresses it by {@link HostRegister#AREA}, which points into its
 * middle, so that most of it can be reached by displacements of one byte.
 */
final class EngineArea {
  /** From the beginning of the register area to where the register points. */
  private static final int BIAS = 128;

  // displacements from the register
  static final int FLAGS = RegisterArea.ENGINE - BIAS;
  static final int PAGE_BASE = FLAGS + 8;
  static final int TLB = FLAGS + 16;

  // the page that the stack pointer led to last: its linear address, its host address, and the
  // distances from the first that are beyond it
  static final int STACK_TAG = FLAGS + 24;
  static final int STACK_HOST = FLAGS + 32;
  static final int STACK_LIMIT = FLAGS + 40;

  static final int FS_BASE = FLAGS + 48;
  static final int GS_BASE = FLAGS + 56;
  static final int EXIT_INFO = FLAGS + 64;
  static final int EXIT_KIND = FLAGS + 68;

  /** What of {@link Units} has been loaded. */
  static final int LOADED = FLAGS + 72;

  static final int GUEST_MXCSR = FLAGS + 76;
  static final int HOST_MXCSR = FLAGS + 80;
  static final int ACCESS = FLAGS + 84;
  static final int SCRATCH = FLAGS + 88;
  static final int SCRATCH2 = FLAGS + 96;
  static final int SCRATCH3 = FLAGS + 104;
  static final int BUDGET = FLAGS + 112;
  static final int RESUME = FLAGS + 120;
  static final int LINEAR = FLAGS + 128;
  static final int CODE_BASE = FLAGS + 136;

  // see SystemState
  static final int SYSTEM_FLAGS = FLAGS + 144;
  static final int MAY_CHANGE_IF = FLAGS + 148;
  static final int SUPERVISOR = FLAGS + 152;
  static final int QUIET = FLAGS + 156;
  static final int SHADOW = FLAGS + 160;
  static final int LEVEL = FLAGS + 164;
  static final int CLOCK_ALLOWED = FLAGS + 168;
  static final int CLOCK_AUX = FLAGS + 172;
  static final int SYSCALL_READY = FLAGS + 176;
  static final int SYSCALL_MASK = FLAGS + 180;
  static final int SYSCALL_TARGET = FLAGS + 184;
  static final int TLB_USER = FLAGS + 192;
  static final int TLB_SUPERVISOR = FLAGS + 200;
  static final int KERNEL_GS_BASE = FLAGS + 208;
  static final int CLOCK = FLAGS + 216;
  static final int LATEST_CLOCK = FLAGS + 224;
  static final int CLOCK_ADJUST = FLAGS + 232;

  // see StringInstructions
  static final int STRING_TO = FLAGS + 240;
  static final int STRING_FROM = FLAGS + 248;
  static final int STRING_COUNT = FLAGS + 256;
  static final int STRING_NEXT_TO = FLAGS + 264;
  static final int STRING_NEXT_FROM = FLAGS + 272;

  // see X87State
  static final int X87_LAST = FLAGS + 280;
  static final int X87_DATA_SEGMENT = FLAGS + 284;
  static final int X87_PAGE = FLAGS + 288;
  static final int X87_DATA = FLAGS + 296;
  static final int HOST_CONTROL = FLAGS + 304;

  // see SegmentState
  private static final int LIMITS = FLAGS + 312;
  private static final int SELECTORS = LIMITS + 4 * Long.BYTES;

  static final int VECTORS = RegisterArea.VECTORS - BIAS;
  static final int X87 = RegisterArea.X87 - BIAS;

  /** Where FXSAVE has MXCSR. */
  static final int X87_MXCSR = X87 + 24;

  private final RegisterArea area;
  private final long pointer;

  EngineArea(RegisterArea area) {
    this.area = area;
    pointer = area.address() + BIAS;
  }

  boolean belongsTo(RegisterArea other) {
    return area == other;
  }

  /** What the register must hold. */
  long pointer() {
    return pointer;
  }

  /** Displacement of a general register of the guest. */
  static int general(int number) {
    return 8 * number - BIAS;
  }

  /** Displacement of where accesses by FS or GS that write or do not must end. */
  static int limit(int segment, boolean write) {
    return LIMITS + 2 * Long.BYTES * (segment - SegmentState.FS) + (write ? Long.BYTES : 0);
  }

  /** Displacement of the selector, of four bytes, of a segment register. */
  static int selector(int segment) {
    return SELECTORS + Integer.BYTES * segment;
  }

  /** Displacement of a vector register of the guest. */
  static int vector(int number) {
    return VECTORS + 32 * number;
  }

  long getLong(int displacement) {
    return HostMemory.getLong(pointer + displacement);
  }

  int getInt(int displacement) {
    return HostMemory.getInt(pointer + displacement);
  }

  void put(int displacement, long value) {
    HostMemory.putLong(pointer + displacement, value);
  }

  void put(int displacement, int value) {
    HostMemory.putInt(pointer + displacement, value);
  }
}
