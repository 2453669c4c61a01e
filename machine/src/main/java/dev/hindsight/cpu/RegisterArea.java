package dev.hindsight.cpu;

import dev.hindsight.memory.HostMemory;
import java.lang.foreign.Arena;

/**
 * Where the registers of a vCPU are that engines which emit machine code reach too: off the heap,
 * at an address that stays the same for as long as this object lives.
 *
 * <p>It begins with the general registers (eight bytes each, by number), {@link
 * GeneralRegisters#ZERO} and {@link GeneralRegisters#BLOCK_RIP}; then comes room that the engine
 * may use as it likes, of which nothing is saved; then the vector registers (32 bytes each); then
 * an image of the x87 unit as FXSAVE writes it, see {@link X87Registers}.
 */
public final class RegisterArea {
  /** Offset of the room for the engine. */
  public static final int ENGINE = 18 * Long.BYTES;

  /** Offset of YMM0. */
  public static final int VECTORS = 512;

  /** Offset of the image of the x87 unit, a multiple of 16. */
  public static final int X87 = VECTORS + 16 * 32;

  private static final int BYTES = X87 + 512;

  /** The memory is given back when nobody refers to the area any more. */
  private final Arena arena = Arena.ofAuto();

  private final long address = HostMemory.allocate(arena, BYTES);

  /** Host address of its first byte. */
  public long address() {
    return address;
  }
}
