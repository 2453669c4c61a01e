package dev.hindsight.board.multiboot;

import dev.hindsight.board.firmware.PcMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a kernel is told (Multiboot 3.3): a structure, and behind it what it points to. */
final class MultibootInformation {
  private static final long LOWEST = 0x1_0000;
  private static final int ALIGNMENT = 16;
  private static final int BYTES = 116;
  private static final int MODULE_BYTES = 16;
  private static final int MAP_ENTRY_BYTES = 24;
  private static final long KIBIBYTE = 1024;

  private static final int MEMORY = 1;
  private static final int COMMAND_LINE = 1 << 2;
  private static final int MODULES = 1 << 3;
  private static final int MEMORY_MAP = 1 << 6;
  private static final int LOADER_NAME = 1 << 9;

  private static final String LOADER = "Hindsight";

  private final long address;
  private final ByteBuffer out;

  /** A module's string, and where its contents are. */
  record Placed(String string, long start, long end) {}

  private MultibootInformation(long address) {
    this.address = address;
    out =
        ByteBuffer.allocate((int) Math.max(BYTES, PcMemory.CONVENTIONAL_END - address))
            .order(ByteOrder.LITTLE_ENDIAN);
    out.position(BYTES);
  }

  /**
   * Physical address of the structure.
   *
   * @param occupied end of what of the kernel lies in conventional memory, which it comes after
   */
  static long address(long occupied) {
    return Math.max(LOWEST, Math.ceilDiv(occupied, ALIGNMENT) * ALIGNMENT);
  }

  /**
   * The structure and the rest.
   *
   * @param address physical address of the structure
   * @throws IllegalArgumentException if strings and modules are too many for conventional memory
   */
  static byte[] of(long address, PcMemory memory, String commandLine, List<Placed> modules) {
    MultibootInformation i = new MultibootInformation(address);
    i.out.putInt(0, MEMORY | COMMAND_LINE | MODULES | MEMORY_MAP | LOADER_NAME);
    i.out.putInt(4, (int) (PcMemory.CONVENTIONAL_END / KIBIBYTE));
    i.out.putInt(8, (int) ((memory.lowEnd() - PcMemory.HIGH) / KIBIBYTE));
    i.memoryMap(memory.map());
    i.modules(modules);
    i.out.putInt(16, i.string(commandLine));
    i.out.putInt(64, i.string(LOADER));
    if (address + i.out.position() > PcMemory.CONVENTIONAL_END) {
      throw tooLong();
    }
    byte[] bytes = new byte[i.out.position()];
    i.out.get(0, bytes);
    return bytes;
  }

  private void memoryMap(List<PcMemory.Range> map) {
    out.putInt(44, map.size() * MAP_ENTRY_BYTES);
    out.putInt(48, here());
    for (PcMemory.Range range : map) {
      // the size of an entry does not count its own field
      out.putInt(MAP_ENTRY_BYTES - 4);
      out.putLong(range.start()).putLong(range.length()).putInt(range.kind().number());
    }
  }

  private void modules(List<Placed> modules) {
    out.putInt(20, modules.size());
    out.putInt(24, here());
    int at = out.position();
    reserve((long) modules.size() * MODULE_BYTES);
    for (Placed module : modules) {
      out.putInt(at, (int) module.start).putInt(at + 4, (int) module.end);
      out.putInt(at + 8, string(module.string));
      at += MODULE_BYTES;
    }
  }

  /** Adds a string; its address. */
  private int string(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    int address = here();
    int at = out.position();
    reserve(bytes.length + 1L);
    out.put(at, bytes);
    return address;
  }

  private void reserve(long bytes) {
    if (bytes > out.remaining()) {
      throw tooLong();
    }
    out.position(out.position() + (int) bytes);
  }

  private static IllegalArgumentException tooLong() {
    return new IllegalArgumentException(
        "command line and modules' strings are too long for conventional memory");
  }

  private int here() {
    return (int) address + out.position();
  }
}
