package dev.hindsight.translator;

/** Looks at the host's x87 unit between calls of emitted code. */
final class HostX87 implements AutoCloseable {
  /** What the JVM and the C library expect: the control word that a process begins with. */
  private static final int CONTROL = 0x37F;

  private static final int EMPTY = 0xFFFF;
  private static final int ENVIRONMENT_BYTES = 32;

  private final Snippet snippet;
  private final long[] environment = new long[ENVIRONMENT_BYTES / Long.BYTES];

  HostX87() {
    try {
      snippet = new Snippet();
    } catch (HostRefusal e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether nothing is left in it, and it is as when the process began. */
  boolean isAtRest() {
    HostEmitter out = snippet.begin();
    // FNSTENV masks all exceptions, FLDENV undoes it
    out.memory(Opcode.of(0xD9), 0, 6, HostRegister.RDI, 0, false);
    out.memory(Opcode.of(0xD9), 0, 4, HostRegister.RDI, 0, false);
    snippet.run(environment);
    int control = (int) environment[0] & 0xFFFF;
    int status = (int) (environment[0] >>> 32) & 0xFFFF;
    int tags = (int) environment[1] & 0xFFFF;
    return control == CONTROL && status == 0 && tags == EMPTY;
  }

  @Override
  public void close() {
    snippet.close();
  }
}
