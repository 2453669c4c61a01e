package dev.hindsight.translator;

import dev.hindsight.memory.HostMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Cleaner;

/**
 * Memory for emitted code: anonymous pages that are mapped twice, once to be written and once to be
 * executed, so that no address is both.
 *
 * <p>Its address space is given back when it is closed, or else when nobody refers to it any more.
 */
final class CodeMemory implements AutoCloseable {
  private static final int READ = 1;
  private static final int WRITE = 2;
  private static final int EXECUTE = 4;
  private static final int SHARED = 1;
  private static final int CLOSE_ON_EXEC = 1;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Cleaner CLEANER = Cleaner.create();

  private final long bytes;
  private final long writable;
  private final long executable;
  private final Cleaner.Cleanable mappings;
  private long used;

  /**
   * Maps so many bytes.
   *
   * @param bytes a multiple of 4096, less than 2 GiB
   * @throws HostRefusal if the host does not allow it
   */
  CodeMemory(long bytes) throws HostRefusal {
    this.bytes = bytes;
    int file = -1;
    long first = 0;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom("hindsight-code");
      file = (int) memfdCreate().invokeExact(name, CLOSE_ON_EXEC);
      check(file >= 0, "memfd_create");
      check((int) truncate().invokeExact(file, bytes) == 0, "ftruncate");
      first = map(file, READ | WRITE);
      executable = map(file, READ | EXECUTE);
      writable = first;
      first = 0;
    } catch (HostRefusal e) {
      throw e;
    } catch (Throwable e) {
      throw new HostRefusal("the host's C library cannot be called: " + e.getMessage());
    } finally {
      if (first != 0) {
        unmap(first, bytes);
      }
      if (file >= 0) {
        close(file);
      }
    }
    mappings = CLEANER.register(this, new Mappings(writable, executable, bytes));
  }

  /** What gives the memory back; it does not refer to the memory's owner. */
  private record Mappings(long writable, long executable, long bytes) implements Runnable {
    @Override
    public void run() {
      unmap(writable, bytes);
      unmap(executable, bytes);
    }
  }

  /** Gives the memory back: nothing in it may be executed any more. */
  @Override
  public void close() {
    mappings.clean();
  }

  private long map(int file, int protection) throws Throwable {
    long address =
        ((MemorySegment)
                mapping().invokeExact(MemorySegment.NULL, bytes, protection, SHARED, file, 0L))
            .address();
    check(address != -1, "mmap");
    return address;
  }

  private static void check(boolean worked, String call) throws HostRefusal {
    if (!worked) {
      throw new HostRefusal("the host refuses memory for code (" + call + ")");
    }
  }

  private static MethodHandle function(String name, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor);
  }

  private static MethodHandle memfdCreate() {
    return function(
        "memfd_create",
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
  }

  private static MethodHandle truncate() {
    return function(
        "ftruncate",
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
  }

  private static void close(int file) {
    try {
      MethodHandle close =
          function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
      int _ = (int) close.invokeExact(file);
    } catch (Throwable e) {
      throw new IllegalStateException("close cannot be called", e);
    }
  }

  private static MethodHandle mapping() {
    return function(
        "mmap",
        FunctionDescriptor.of(
            ValueLayout.ADDRESS,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_LONG));
  }

  private static MethodHandle unmapping() {
    return function(
        "munmap",
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
  }

  /** Gives a mapping of so many bytes back. */
  private static void unmap(long address, long bytes) {
    try {
      int _ = (int) unmapping().invokeExact(MemorySegment.ofAddress(address), bytes);
    } catch (Throwable e) {
      throw new IllegalStateException("munmap cannot be called", e);
    }
  }

  /** Address at which the next code will be executed. */
  long next() {
    return executable + used;
  }

  /** Bytes that are left. */
  long left() {
    return bytes - used;
  }

  /** Bytes that are used. */
  long used() {
    return used;
  }

  /** Forgets everything from an offset on. */
  void rewind(long to) {
    used = to;
  }

  /** Takes code over, at the {@linkplain #next next} address. */
  void add(byte[] code, int length) {
    HostMemory.copyIn(code, 0, writable + used, length);
    used += length + 15 & ~15;
  }

  /** Changes four bytes of emitted code. */
  void patch(long address, int value) {
    HostMemory.putInt(address - executable + writable, value);
  }
}
