package dev.hindsight.cpu;

/**
 * A fault of the instruction being executed: thrown by semantics before they change any state,
 * caught by the engine, which delivers it with the instruction pointer at the faulting instruction.
 *
 * <p>It has no stack trace: it is control flow of the guest, not an error of ours.
 */
public final class GuestFault extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Vector vector;
  private final int errorCode;
  private final long address;
  private final boolean nonCanonical;

  private GuestFault(Vector vector, int errorCode, long address) {
    this(vector, errorCode, address, false);
  }

  private GuestFault(Vector vector, int errorCode, long address, boolean nonCanonical) {
    super(null, null, false, false);
    this.nonCanonical = nonCanonical;
    this.vector = vector;
    this.errorCode = errorCode;
    this.address = address;
  }

  /** A fault without error code: #DE, #DB, #BR, #UD, #NM, #MF, #XM. */
  public static GuestFault of(Vector vector) {
    return new GuestFault(vector, 0, 0);
  }

  /** A fault with an error code: #DF, #TS, #NP, #SS, #GP, #AC. */
  public static GuestFault of(Vector vector, int errorCode) {
    return new GuestFault(vector, errorCode, 0);
  }

  /** #UD. */
  public static GuestFault undefined() {
    return of(Vector.UD);
  }

  /** #GP(errorCode): 0, or a selector with its EXT, IDT and TI bits. */
  public static GuestFault generalProtection(int errorCode) {
    return of(Vector.GP, errorCode);
  }

  /** #PF: CR2 becomes the linear address when it is delivered. */
  public static GuestFault page(int errorCode, long linear) {
    return new GuestFault(Vector.PF, errorCode, linear);
  }

  /**
   * #GP(0) because a linear address is not canonical. Whoever used the stack segment turns it into
   * #SS(0).
   */
  public static GuestFault nonCanonicalAddress() {
    return new GuestFault(Vector.GP, 0, 0, true);
  }

  /** Whether it came from {@link #nonCanonicalAddress()}. */
  public boolean isNonCanonicalAddress() {
    return nonCanonical;
  }

  /** The exception. */
  public Vector vector() {
    return vector;
  }

  /** Error code, 0 if the exception has none. */
  public int errorCode() {
    return errorCode;
  }

  /** Linear address of a page fault. */
  public long address() {
    return address;
  }

  @Override
  public String getMessage() {
    return vector
        + (vector.hasErrorCode() ? "(0x" + Integer.toHexString(errorCode) + ")" : "")
        + (vector == Vector.PF ? " at 0x" + Long.toHexString(address) : "");
  }
}
