package dev.hindsight.board.acpi;

/** A list of resources, as {@code _CRS} and {@code _PRS} return it (ACPI 6.4). */
final class ResourceTemplate {
  /** Index of the mask of IRQs in a template that begins with {@link #sharedIrqs}. */
  static final int IRQ_MASK = 1;

  private static final int IRQ = 0x22;
  private static final int IRQ_WITH_FLAGS = 0x23;
  private static final int LEVEL_LOW_SHARED = 0x18;
  private static final int IO = 0x47;
  private static final int DECODES_16_BITS = 1;
  private static final int END = 0x79;
  private static final int MEMORY_32_FIXED = 0x86;
  private static final int DWORD_ADDRESS_SPACE = 0x87;
  private static final int WORD_ADDRESS_SPACE = 0x88;
  private static final int MEMORY_RANGE = 0;
  private static final int IO_RANGE = 1;
  private static final int BUS_RANGE = 2;

  /** Produced for others, positively decoded, both ends fixed. */
  private static final int WINDOW = 0x0C;

  private static final int ENTIRE_RANGE = 3;
  private static final int WRITABLE = 1;
  private static final int CACHEABLE = 2;

  private final TableBytes bytes = new TableBytes();

  /** Ports that a device decodes, at most 255. */
  ResourceTemplate io(int port, int count) {
    bytes.bytes(IO, DECODES_16_BITS).word(port).word(port).bytes(1, count);
    return this;
  }

  /** An interrupt as ISA has them: edge triggered, active high, not shared. */
  ResourceTemplate irq(int number) {
    bytes.bytes(IRQ).word(1 << number);
    return this;
  }

  /** Interrupts as PCI has them: level triggered, active low, shared; a bit for each IRQ. */
  ResourceTemplate sharedIrqs(int mask) {
    bytes.bytes(IRQ_WITH_FLAGS).word(mask).bytes(LEVEL_LOW_SHARED);
    return this;
  }

  /** Memory that a device decodes. */
  ResourceTemplate memory(long address, long length, boolean writable) {
    bytes.bytes(MEMORY_32_FIXED).word(9).bytes(writable ? WRITABLE : 0);
    bytes.dword(address).dword(length);
    return this;
  }

  /** Bus numbers, both inclusive, that lie behind a bridge. */
  ResourceTemplate busWindow(int first, int last) {
    return wordWindow(BUS_RANGE, 0, first, last);
  }

  /** Ports, both inclusive, that a bridge passes on. */
  ResourceTemplate ioWindow(int first, int last) {
    return wordWindow(IO_RANGE, ENTIRE_RANGE, first, last);
  }

  /** Memory, both ends inclusive, that a bridge passes on. */
  ResourceTemplate memoryWindow(long first, long last, boolean cacheable) {
    bytes.bytes(DWORD_ADDRESS_SPACE).word(23);
    bytes.bytes(MEMORY_RANGE, WINDOW, WRITABLE | (cacheable ? CACHEABLE : 0));
    bytes.dword(0).dword(first).dword(last).dword(0).dword(last - first + 1);
    return this;
  }

  private ResourceTemplate wordWindow(int type, int flags, int first, int last) {
    bytes.bytes(WORD_ADDRESS_SPACE).word(13).bytes(type, WINDOW, flags);
    bytes.word(0).word(first).word(last).word(0).word(last - first + 1);
    return this;
  }

  /** The template as a buffer, with its end mark. Nothing may be added afterwards. */
  Aml buffer() {
    return Aml.buffer(bytes.bytes(END, 0).toByteArray());
  }
}
