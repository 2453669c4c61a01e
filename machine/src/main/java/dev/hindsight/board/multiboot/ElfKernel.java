package dev.hindsight.board.multiboot;

import dev.hindsight.board.firmware.PcMemory;
import dev.hindsight.board.multiboot.LoadedKernel.Segment;
import java.util.ArrayList;
import java.util.List;

/**
 * A kernel in ELF (System V ABI, chapter 4, and its supplements for i386 and x86-64). Its segments
 * go to their physical addresses. One of 64 bits is entered in 32-bit mode too, as GRUB does.
 */
final class ElfKernel {
  private static final long MAGIC = 0x464C_457FL;
  private static final int CLASS_32 = 1;
  private static final int CLASS_64 = 2;
  private static final int LITTLE_ENDIAN = 1;
  private static final int EXECUTABLE = 2;
  private static final int I386 = 3;
  private static final int X86_64 = 62;
  private static final long LOAD = 1;
  private static final int HEADER_32 = 32;
  private static final int HEADER_64 = 56;

  private final KernelFile file;
  private final boolean wide;

  private ElfKernel(KernelFile file, boolean wide) {
    this.file = file;
    this.wide = wide;
  }

  static LoadedKernel load(KernelFile file, PcMemory memory) {
    if (file.size() < 20 || file.dwordAt(0) != MAGIC) {
      throw new IllegalArgumentException("it is a Multiboot kernel, but no ELF file");
    }
    int machine = file.wordAt(18);
    boolean narrow = file.byteAt(4) == CLASS_32 && machine == I386;
    boolean wide = file.byteAt(4) == CLASS_64 && machine == X86_64;
    if (!narrow && !wide || file.byteAt(5) != LITTLE_ENDIAN || file.wordAt(16) != EXECUTABLE) {
      throw new IllegalArgumentException("it is an ELF file, but no executable for x86");
    }
    return new ElfKernel(file, wide).load(memory);
  }

  private LoadedKernel load(PcMemory memory) {
    long table = number(28, 32);
    int size = file.wordAt(wide ? 54 : 42);
    int count = file.wordAt(wide ? 56 : 44);
    if (size < (wide ? HEADER_64 : HEADER_32)) {
      throw new IllegalArgumentException("it is an ELF file with program headers of a wrong size");
    }
    long entry = number(24, 24);
    long physicalEntry = entry;
    List<Segment> segments = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long at = table + (long) i * size;
      long memoryBytes = number(at + 20, at + 40);
      if (file.dwordAt(at) != LOAD || memoryBytes == 0) {
        continue;
      }
      long linear = number(at + 8, at + 16);
      long physical = number(at + 12, at + 24);
      segments.add(
          LoadedKernel.segment(
              file,
              memory,
              physical,
              memoryBytes,
              number(at + 4, at + 8),
              number(at + 16, at + 32)));
      if (Long.compareUnsigned(entry - linear, memoryBytes) < 0) {
        physicalEntry = entry - linear + physical;
      }
    }
    return new LoadedKernel(segments, physicalEntry);
  }

  /** A number of 32 or 64 bits, whose offset differs. */
  private long number(long offsetIf32, long offsetIf64) {
    return wide ? file.qwordAt(offsetIf64) : file.dwordAt(offsetIf32);
  }
}
