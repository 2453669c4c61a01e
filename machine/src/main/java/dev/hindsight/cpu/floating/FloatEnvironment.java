package dev.hindsight.cpu.floating;

/**
 * What floating-point operations depend on besides their operands, and the exceptions they leave
 * behind: the content of MXCSR, or of the x87 control word.
 *
 * <p>Flags accumulate until {@link #clearFlags()}. The masks matter only for what an unmasked
 * exception changes: an unmasked underflow is flagged for every tiny result, a masked one only if
 * the result is also inexact, and flush-to-zero works only while underflow is masked. Where an
 * unmasked exception happens in an SSE operation its result is meaningless and must not be used.
 */
public class FloatEnvironment {
  /** IE: invalid operation. The flags have the places that MXCSR and the x87 status word use. */
  public static final int INVALID = 1;

  /** DE: denormal operand. */
  public static final int DENORMAL = 1 << 1;

  /** ZE: division by zero. */
  public static final int ZERO_DIVIDE = 1 << 2;

  /** OE: overflow. */
  public static final int OVERFLOW = 1 << 3;

  /** UE: underflow, tininess detected after rounding. */
  public static final int UNDERFLOW = 1 << 4;

  /** PE: the result is inexact. */
  public static final int PRECISION = 1 << 5;

  /** All six exceptions. */
  public static final int ALL = 0x3F;

  /** Round to nearest, ties to even (RC encoding). */
  public static final int NEAREST = 0;

  /** Round towards minus infinity. */
  public static final int DOWN = 1;

  /** Round towards plus infinity. */
  public static final int UP = 2;

  /** Round towards zero. */
  public static final int ZERO = 3;

  private static final int MXCSR_DAZ = 1 << 6;
  private static final int MXCSR_FTZ = 1 << 15;

  int rounding = NEAREST;
  boolean denormalsAreZero;
  boolean flushToZero;
  int masks = ALL;
  int flags;

  /** Takes rounding mode, DAZ, FTZ and masks from an MXCSR value and clears the flags. */
  public void mxcsr(int value) {
    rounding = (value >>> 13) & 3;
    denormalsAreZero = (value & MXCSR_DAZ) != 0;
    flushToZero = (value & MXCSR_FTZ) != 0;
    masks = (value >>> 7) & ALL;
    flags = 0;
  }

  /** Exceptions since the flags were cleared. */
  public int flags() {
    return flags;
  }

  /**
   * The exceptions that an instruction reports, an SSE or AVX one after it has worked on all its
   * elements. An unmasked invalid operation, denormal operand or division by zero in any element
   * prevents the computation of all, so that no overflow, underflow or inexact result is seen (SDM
   * volume 1, section 11.5.3).
   */
  public int sseFlags() {
    boolean prevented = (flags & ~masks & (INVALID | DENORMAL | ZERO_DIVIDE)) != 0;
    return prevented ? flags & (INVALID | DENORMAL | ZERO_DIVIDE) : flags;
  }

  /** Forgets the exceptions. */
  public void clearFlags() {
    flags = 0;
  }

  /** Adds exceptions. */
  public void raise(int exceptions) {
    flags |= exceptions;
  }

  /** Takes exceptions back, where an unmasked one keeps the result from being stored. */
  public void withdraw(int exceptions) {
    flags &= ~exceptions;
  }

  /** The exceptions so far that are not masked. */
  public int unmasked() {
    return flags & ~masks;
  }

  /** Rounding mode, in the encoding of RC. */
  public int rounding() {
    return rounding;
  }

  /** Sets the rounding mode: {@link #NEAREST}, {@link #DOWN}, {@link #UP} or {@link #ZERO}. */
  public void rounding(int mode) {
    rounding = mode & 3;
  }

  /** Sets the masks; a set bit masks its exception. */
  public void masks(int value) {
    masks = value & ALL;
  }

  /** Sets DAZ: denormal operands count as zeros of their sign. */
  public void denormalsAreZero(boolean on) {
    denormalsAreZero = on;
  }

  /** Sets FTZ: tiny results become zeros of their sign. */
  public void flushToZero(boolean on) {
    flushToZero = on;
  }

  /**
   * What to add to a significand before the bits below its unit are cut off.
   *
   * @param negative the sign of the number
   * @param half half a unit, a power of two
   */
  long increment(boolean negative, long half) {
    return switch (rounding) {
      case NEAREST -> half;
      case DOWN -> negative ? 2 * half - 1 : 0;
      case UP -> negative ? 0 : 2 * half - 1;
      default -> 0;
    };
  }

  /** Whether an overflow gives infinity rather than the largest finite number. */
  boolean overflowsToInfinity(boolean negative) {
    return rounding == NEAREST || rounding == (negative ? DOWN : UP);
  }
}
