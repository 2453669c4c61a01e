package dev.hindsight.translator;

import dev.hindsight.memory.HostMemory;
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
 * <p>In /proc/PID/maps they are {@code /dev/zero}: of memory that is called so, and not of a memfd,
 * perf looks names up in a map file.
 *
 * <p>Its address space is given back when it is closed, or else when nobody refers to it any more.
 */
final class CodeMemory implements AutoCloseable {
  private static final int READ = 1;
  private static final int WRITE = 2;
  private static final int EXECUTE = 4;
  private static final int SHARED_ANONYMOUS_NORESERVE = 0x1 | 0x20 | 0x4000;
  private static final int MAY_MOVE = 1;
  private static final int NO_FILE = -1;
  private static final long FAILED = -1;

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
    long first = FAILED;
    long second = FAILED;
    boolean done = false;
    try {
      first =
          ((MemorySegment)
                  mapping()
                      .invokeExact(
                          MemorySegment.NULL,
                          bytes,
                          READ | WRITE,
                          SHARED_ANONYMOUS_NORESERVE,
                          NO_FILE,
                          0L))
              .address();
      check(first != FAILED, "mmap");
      // of shared memory, 0 bytes that move are a second mapping
      second =
          ((MemorySegment)
                  remapping().invokeExact(MemorySegment.ofAddress(first), 0L, bytes, MAY_MOVE))
              .address();
      check(second != FAILED, "mremap");
      int refused =
          (int) protection().invokeExact(MemorySegment.ofAddress(second), bytes, READ | EXECUTE);
      check(refused == 0, "mprotect");
      done = true;
    } catch (HostRefusal e) {
      throw e;
    } catch (Throwable e) {
      throw new HostRefusal("the host's C library cannot be called: " + e.getMessage());
    } finally {
      if (!done && first != FAILED) {
        unmap(first, bytes);
      }
      if (!done && second != FAILED) {
        unmap(second, bytes);
      }
    }
    writable = first;
    executable = second;
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

  private static void check(boolean worked, String call) throws HostRefusal {
    if (!worked) {
      throw new HostRefusal("the host refuses memory for code (" + call + ")");
    }
  }

  private static MethodHandle function(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
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

  /** It has a fifth argument if a place is asked for. */
  private static MethodHandle remapping() {
    return function(
        "mremap",
        FunctionDescriptor.of(
            ValueLayout.ADDRESS,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT),
        Linker.Option.firstVariadicArg(4));
  }

  private static MethodHandle protection() {
    return function(
        "mprotect",
        FunctionDescriptor.of(
            ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT));
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
