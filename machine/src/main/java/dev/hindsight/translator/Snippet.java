package dev.hindsight.translator;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Small functions of the host's code that are written, called, and overwritten by the next one.
 * Each is given a pointer to a table of numbers in RDI, and may change what functions may change.
 *
 * <p>All of this happens once, in a JVM that has just begun: few calls of many things are what
 * makes it quick.
 */
final class Snippet implements AutoCloseable {
  private static final MethodHandle CALL =
      Linker.nativeLinker()
          .downcallHandle(FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));

  private static final int CODE_BYTES = 1 << 16;
  private static final int TABLE_BYTES = 1 << 15;
  private static final int RET = 0xC3;

  private final CodeMemory memory = new CodeMemory(CODE_BYTES);
  private final HostEmitter out = new HostEmitter();
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment table = arena.allocate(TABLE_BYTES, Long.BYTES);

  Snippet() throws HostRefusal {}

  /** Begins a function. */
  HostEmitter begin() {
    memory.rewind(0);
    out.begin(memory.next());
    return out;
  }

  /**
   * Ends the function, and calls it.
   *
   * @param numbers what the table begins with, and after the call has
   */
  void run(long[] numbers) {
    out.byte1(RET);
    MemorySegment function = MemorySegment.ofAddress(memory.next());
    memory.add(out.code(), out.offset());
    MemorySegment.copy(numbers, 0, table, ValueLayout.JAVA_LONG, 0, numbers.length);
    try {
      CALL.invokeExact(function, table.address(), 0L);
    } catch (Throwable t) {
      throw new IllegalStateException("emitted code cannot be called", t);
    }
    MemorySegment.copy(table, ValueLayout.JAVA_LONG, 0, numbers, 0, numbers.length);
  }

  @Override
  public void close() {
    memory.close();
    arena.close();
  }
}
