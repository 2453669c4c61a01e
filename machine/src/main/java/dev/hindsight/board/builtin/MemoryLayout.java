package dev.hindsight.board.builtin;

/** Where things lie in the guest: physical addresses, then linear ones. */
final class MemoryLayout {
  /** The ROM's alias below 1 MiB, which is segment F000 of real mode. */
  static final int ROM = 0xF_0000;

  static final int ROM_BYTES = 0x1_0000;

  /** Stack of real and protected mode, growing down, and a scratch word above. */
  static final int BOOT_STACK = 0x7000;

  static final int SCRATCH = 0x7000;

  /** Where the application processors start: SIPI vector 8. */
  static final int TRAMPOLINE = 0x8000;

  /** The kernel's page tables, cleared as one area. */
  static final int TABLES = 0x1_0000;

  static final int PML4 = TABLES;
  static final int PDPT_LOW = TABLES + 0x1000;
  static final int PDPT_HIGH = TABLES + 0x2000;
  static final int PD_LOW = TABLES + 0x3000;
  static final int PD_TOP = TABLES + 0x4000;

  /** Page directory of the short time with 32-bit paging. */
  static final int DIRECTORY_32 = TABLES + 0x5000;

  /** Like {@link #PML4}, and with the identity mapping: until a vCPU is in the kernel. */
  static final int BOOT_PML4 = TABLES + 0x6000;

  static final int TABLES_BYTES = 0x7000;

  /** The kernel's code and initialised data, copied from the ROM. */
  static final int KERNEL = 0x10_0000;

  /** The kernel's other data, zero at first. */
  static final int KERNEL_DATA = 0x18_0000;

  static final int KERNEL_DATA_BYTES = 0x2_2000;

  /** From here on page frames are given out. */
  static final int FRAMES = 0x20_0000;

  /** Linear address of physical address 0 in the kernel's half. */
  static final long KERNEL_BASE = 0xFFFF_FFFF_8000_0000L;

  /** The local APIC's registers: their physical address, extended with its sign. */
  static final long APIC = 0xFFFF_FFFF_FEE0_0000L;

  /** User code, read-only and the same for all tasks. */
  static final long USER_CODE = 0x40_0000;

  /** User data, private to each task: {@link #USER_DATA_PAGES} pages. */
  static final long USER_DATA = 0x50_0000;

  static final int USER_DATA_PAGES = 4;

  /** A page that all tasks share. */
  static final long USER_SHARED = 0x58_0000;

  /** The end of the user stack of two pages. */
  static final long USER_STACK_TOP = 0x60_0000;

  /** User memory that comes to be when it is touched, up to {@link #USER_END}. */
  static final long USER_HEAP = 0x60_0000;

  static final long USER_END = 0x80_0000;

  // Selectors of the kernel's GDT. SYSCALL and SYSRET want the code and data segments in this
  // order.
  static final int KERNEL_CODE = 0x08;
  static final int KERNEL_STACK = 0x10;
  static final int USER_CODE_32 = 0x18 | 3;
  static final int USER_STACK = 0x20 | 3;
  static final int USER_CODE_64 = 0x28 | 3;
  static final int FIRST_TSS = 0x30;

  private MemoryLayout() {}

  /** Linear address in the kernel's half of a physical address. */
  static long kernel(int physical) {
    return KERNEL_BASE + physical;
  }
}
