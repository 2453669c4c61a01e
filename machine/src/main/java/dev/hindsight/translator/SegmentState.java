package dev.hindsight.translator;

import dev.hindsight.cpu.SegmentRegister;
import dev.hindsight.cpu.Vcpu;

/**
 * What emitted code looks at of segment registers, in the {@link EngineArea}: the selectors of
 * those that it does not change itself, and where accesses by FS and GS must end in code that is
 * not 64-bit code. It is put there before emitted code is entered; nothing changes it there.
 */
final class SegmentState {
  /** Of the segments that have a limit in the area, the first. */
  static final int FS = 4;

  private static final int ES = 0;
  private static final int CS = 1;
  private static final int SS = 2;
  private static final int COUNT = 6;

  /** No last byte of an access is at most this. */
  private static final long NOTHING = -1;

  private static final long WHOLE = 0xFFFF_FFFFL;

  /** Present, code, and readable or writable. */
  private static final int KIND =
      SegmentRegister.PRESENT | SegmentRegister.CODE | SegmentRegister.WRITABLE_OR_READABLE;

  private SegmentState() {}

  /** Whether the area has the selector of a segment register: SYSCALL changes CS and SS. */
  static boolean hasSelector(int segment) {
    return segment != CS && segment != SS;
  }

  /** Puts it there. */
  static void enter(Vcpu cpu, EngineArea area) {
    for (int n = ES; n < COUNT; n++) {
      if (hasSelector(n)) {
        area.put(EngineArea.selector(n), cpu.segment(n).selector());
      }
    }
    if (!cpu.is64Bit()) {
      for (int n = FS; n < COUNT; n++) {
        SegmentRegister s = cpu.segment(n);
        area.put(EngineArea.limit(n, false), lastReadable(s));
        area.put(EngineArea.limit(n, true), lastWritable(s));
      }
    }
  }

  /**
   * The offset of the last byte that may be read, to be compared as a signed number. Segments that
   * expand down are the interpreter's.
   */
  private static long lastReadable(SegmentRegister s) {
    int kind = s.access() & KIND;
    boolean readable =
        (kind & SegmentRegister.PRESENT) != 0
            && kind != (SegmentRegister.PRESENT | SegmentRegister.CODE);
    return readable ? last(s) : NOTHING;
  }

  private static long lastWritable(SegmentRegister s) {
    boolean writable =
        (s.access() & KIND) == (SegmentRegister.PRESENT | SegmentRegister.WRITABLE_OR_READABLE);
    return writable ? last(s) : NOTHING;
  }

  private static long last(SegmentRegister s) {
    if (s.isExpandDown()) {
      return NOTHING;
    }
    // an access may wrap in a segment of 4 GiB
    return s.limit() == WHOLE ? Long.MAX_VALUE : s.limit();
  }
}
