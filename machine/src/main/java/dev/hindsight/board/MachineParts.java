package dev.hindsight.board;

import dev.hindsight.bus.World;
import dev.hindsight.cpu.CpuModel;
import dev.hindsight.storage.BlockStore;
import java.util.List;

/**
 * What a machine is put together of: its description and what the description names, and what the
 * host adds to it without the guest being able to tell.
 */
record MachineParts(
    MachineDescription description,
    CpuModel model,
    List<Image> images,
    List<BlockStore> disks,
    Chipset chipset,
    EngineFactory engine,
    World world,
    OutputListener outputs,
    int tlbCapacity) {
  MachineParts {
    images = List.copyOf(images);
    disks = List.copyOf(disks);
  }

  MachineParts withWorld(World value) {
    return new MachineParts(
        description, model, images, disks, chipset, engine, value, outputs, tlbCapacity);
  }

  MachineParts withOutputs(OutputListener value) {
    return new MachineParts(
        description, model, images, disks, chipset, engine, world, value, tlbCapacity);
  }

  MachineParts withTlbCapacity(int value) {
    return new MachineParts(
        description, model, images, disks, chipset, engine, world, outputs, value);
  }
}
