package dev.hindsight.board.firmware;

import static dev.hindsight.x86.Register.AH;
import static dev.hindsight.x86.Register.BP;
import static dev.hindsight.x86.Register.SP;
import static dev.hindsight.x86.assembler.Arguments.ptr;

import dev.hindsight.board.Image;
import dev.hindsight.board.PcChipset;
import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.assembler.Assembler;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * What is left of a BIOS: interrupt vectors, the BIOS data area and the extended one (IBM PS/2 and
 * PC BIOS Interface Technical Reference). Kernels read where conventional memory ends and which
 * serial ports there are. Each service that they may call says that it is not supported.
 */
public final class BiosData {
  private static final int VECTORS = 256;
  private static final int FIRST_SERVICE = 0x10;
  private static final int LAST_SERVICE = 0x1A;
  private static final int CODE_SEGMENT = 0xF000;
  private static final int CODE_OFFSET = 0xE000;
  private static final int NOT_SUPPORTED = 0x86;
  private static final int FLAGS_ON_STACK = 6;
  private static final int CARRY = 1;

  private static final long ADDRESS = 0x400;
  private static final int BYTES = 0x100;

  private static final int SERIAL_PORTS = 0x00;
  private static final int EXTENDED_SEGMENT = 0x0E;
  private static final int EQUIPMENT = 0x10;
  private static final int MEMORY_KIBIBYTES = 0x13;
  private static final int KEYBOARD_HEAD = 0x1A;
  private static final int KEYBOARD_TAIL = 0x1C;
  private static final int KEYBOARD_BUFFER = 0x1E;
  private static final int KEYBOARD_START = 0x80;
  private static final int KEYBOARD_END = 0x82;

  /** A numeric coprocessor, a pointing device, two serial ports; no display. */
  private static final int PRESENT = 1 << 1 | 1 << 2 | 2 << 9;

  private BiosData() {}

  /** All of it, as images of a machine. */
  public static List<Image> images() {
    Assembler a = new Assembler(CodeMode.BITS16, CODE_OFFSET);
    a.push(BP).mov(BP, SP).or(ptr(BP, FLAGS_ON_STACK).bytes(1), CARRY).pop(BP);
    a.mov(AH, NOT_SUPPORTED).iret();
    byte[] code = a.assemble();
    ByteBuffer vectors = ByteBuffer.allocate(VECTORS * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (int n = 0; n < VECTORS; n++) {
      boolean isService = n >= FIRST_SERVICE && n <= LAST_SERVICE;
      // IRET is one byte, the last one
      vectors.putShort((short) (isService ? CODE_OFFSET : CODE_OFFSET + code.length - 1));
      vectors.putShort((short) CODE_SEGMENT);
    }
    return List.of(
        Image.ram("interrupt vectors", 0, vectors.array()),
        Image.ram("BIOS code", ((long) CODE_SEGMENT << 4) + CODE_OFFSET, code),
        Image.ram("BIOS data", ADDRESS, data()),
        Image.ram(
            "extended BIOS data",
            PcMemory.CONVENTIONAL_END,
            new byte[] {(byte) (PcMemory.EXTENDED_DATA_BYTES >> 10)}));
  }

  private static byte[] data() {
    ByteBuffer data = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    data.putShort(SERIAL_PORTS, (short) PcChipset.SERIAL_PORT);
    data.putShort(SERIAL_PORTS + 2, (short) PcChipset.SECOND_SERIAL_PORT);
    data.putShort(EXTENDED_SEGMENT, (short) (PcMemory.CONVENTIONAL_END >> 4));
    data.putShort(EQUIPMENT, (short) PRESENT);
    data.putShort(MEMORY_KIBIBYTES, (short) (PcMemory.CONVENTIONAL_END >> 10));
    data.putShort(KEYBOARD_HEAD, (short) KEYBOARD_BUFFER);
    data.putShort(KEYBOARD_TAIL, (short) KEYBOARD_BUFFER);
    data.putShort(KEYBOARD_START, (short) KEYBOARD_BUFFER);
    data.putShort(KEYBOARD_END, (short) (KEYBOARD_BUFFER + 2 * 16));
    return data.array();
  }
}
