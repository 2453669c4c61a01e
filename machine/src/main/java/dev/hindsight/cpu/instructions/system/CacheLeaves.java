package dev.hindsight.cpu.instructions.system;

/**
 * The caches that CPUID describes. They do not exist; the numbers are those of an ordinary machine,
 * since programs size their work by them: 32 KiB of instructions and of data and 256 KiB for each
 * core, 8 MiB for all.
 */
final class CacheLeaves {
  /** Bytes in a line. */
  static final int LINE = 64;

  private static final int DATA = 1;
  private static final int CODE = 2;
  private static final int UNIFIED = 3;
  private static final int SELF_INITIALIZING = 1 << 8;
  private static final int L2_KIB = 256;

  /** Code of 8-way associativity in leaf 0x80000006. */
  private static final int EIGHT_WAYS = 6;

  private CacheLeaves() {}

  /** Leaf 4. */
  static Cpuid.Leaf cache(int vcpus, int subleaf) {
    return switch (subleaf) {
      case 0 -> cache(vcpus, DATA, 1, 32, 8, 1);
      case 1 -> cache(vcpus, CODE, 1, 32, 8, 1);
      case 2 -> cache(vcpus, UNIFIED, 2, L2_KIB, 8, 1);
      case 3 -> cache(vcpus, UNIFIED, 3, 8192, 16, vcpus);
      default -> Cpuid.Leaf.ZERO;
    };
  }

  private static Cpuid.Leaf cache(
      int vcpus, int type, int level, int kibibytes, int ways, int sharers) {
    int sets = kibibytes * 1024 / (LINE * ways);
    int eax =
        type
            | level << 5
            | SELF_INITIALIZING
            | (roundedUp(sharers) - 1) << 14
            | (Math.min(roundedUp(vcpus), 64) - 1) << 26;
    return new Cpuid.Leaf(eax, (LINE - 1) | (ways - 1) << 22, sets - 1, 0);
  }

  /** ECX of leaf 0x80000006. */
  static int l2ForExtendedLeaf() {
    return LINE | EIGHT_WAYS << 12 | L2_KIB << 16;
  }

  /** The next power of two: how many identifiers are set aside for a number of vCPUs. */
  static int roundedUp(int vcpus) {
    return vcpus <= 1 ? 1 : Integer.highestOneBit(vcpus - 1) << 1;
  }
}
