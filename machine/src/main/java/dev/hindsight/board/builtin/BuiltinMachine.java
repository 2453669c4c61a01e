package dev.hindsight.board.builtin;

import dev.hindsight.board.Image;
import dev.hindsight.board.Machine;
import dev.hindsight.board.MachineBuilder;
import dev.hindsight.board.PcChipset;
import dev.hindsight.cpu.CpuModel;

/** A PC with the built-in guest in its ROM. */
public final class BuiltinMachine {
  private static final long FOUR_GIB = 1L << 32;
  private static final long ONE_MIB = 1L << 20;

  private BuiltinMachine() {}

  /** Begins to build one; the engine, the world and the outputs are still to be said. */
  public static MachineBuilder builder(BuiltinGuest guest, CpuModel model, int vcpus) {
    byte[] rom = guest.rom();
    return Machine.builder()
        .cpuModel(model)
        .vcpus(vcpus)
        .memoryBytes(BuiltinGuest.RAM_BYTES)
        .image(Image.rom("firmware", FOUR_GIB - rom.length, rom))
        .image(Image.rom("firmware below 1 MiB", ONE_MIB - rom.length, rom))
        .chipset(new PcChipset());
  }
}
