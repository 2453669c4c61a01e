package dev.hindsight.timeline;

import dev.hindsight.board.Chipset;
import dev.hindsight.board.Image;
import dev.hindsight.board.InterpreterFactory;
import dev.hindsight.board.Machine;
import dev.hindsight.board.MachineBuilder;
import dev.hindsight.board.Sockets;
import dev.hindsight.bus.DeadlineQueue;
import dev.hindsight.bus.Device;
import dev.hindsight.bus.Input;
import dev.hindsight.bus.InputReceiver;
import dev.hindsight.bus.World;
import dev.hindsight.storage.BlockStore;
import dev.hindsight.storage.Disk;
import java.util.List;

/**
 * A machine whose vCPUs do nothing, and of whose chips one reads a sector from each of its disks
 * now and then.
 */
final class ReaderMachine {
  static final String READER = "reader";
  static final long PERIOD = 700_000_000;
  static final long SECOND = 1_000_000_000;

  private static final int CHIPS = 30;
  private static final int ROM = 4096;
  private static final int RESET = 0xFF0;

  private ReaderMachine() {}

  /** With 30 chips, one of which reads. */
  static Machine machine(World world, int vcpus, BlockStore... disks) {
    return machine(new Chips(CHIPS), world, vcpus, disks);
  }

  /** Without a chip, so that nothing ever happens. */
  static Machine quiet() {
    return machine(new Chips(0), World.EMPTY, 1);
  }

  private static Machine machine(Chips chips, World world, int vcpus, BlockStore... disks) {
    byte[] rom = new byte[ROM];
    rom[RESET] = (byte) 0xF4; // hlt
    rom[RESET + 1] = (byte) 0xEB; // jmp to the hlt
    rom[RESET + 2] = (byte) 0xFD;
    MachineBuilder builder =
        Machine.builder()
            .vcpus(vcpus)
            .memoryBytes(1 << 20)
            .image(Image.rom("reset", 0xFFFF_F000L, rom))
            .chipset(chips)
            .engine(new InterpreterFactory())
            .world(world);
    for (int i = 0; i < disks.length; i++) {
      builder.disk("disk" + i, i > 0, disks[i]);
    }
    return builder.build();
  }

  private record Chips(int count) implements Chipset {
    @Override
    public String name() {
      return "reader";
    }

    @Override
    public void install(Sockets sockets) {
      for (int i = 1; i < count; i++) {
        sockets.add(new Reader("chip" + i, sockets.deadlines(), List.of()));
      }
      if (count > 0) {
        sockets.add(new Reader(READER, sockets.deadlines(), sockets.disks()));
      }
    }
  }

  /** Adds up what it reads and what it is told. */
  private static final class Reader implements Device<Reader.State>, InputReceiver {
    record State(long sum, int reads) {}

    private final String name;
    private final DeadlineQueue deadlines;
    private final List<Disk> disks;
    private long sum;
    private int reads;

    Reader(String name, DeadlineQueue deadlines, List<Disk> disks) {
      this.name = name;
      this.deadlines = deadlines;
      this.disks = disks;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public void reset() {
      sum = 0;
      reads = 0;
      if (name.equals(READER)) {
        deadlines.schedule(0, PERIOD);
      }
    }

    @Override
    public void deadline(int kind, long tick) {
      byte[] sector = new byte[Disk.SECTOR];
      for (Disk disk : disks) {
        disk.read(reads * 100L % disk.sectors(), sector, 0, 1);
        sum = sum * 31 + sector[0];
        if (!disk.readOnly()) {
          disk.write((reads * 100L + 7) % disk.sectors(), sector, 0, 1);
        }
      }
      reads++;
      deadlines.schedule(0, tick + PERIOD);
    }

    @Override
    public void input(Input input) {
      sum = sum * 31 + (input instanceof Input.SerialByte b ? b.value() : 0);
    }

    @Override
    public State save() {
      return new State(sum, reads);
    }

    @Override
    public void load(State state) {
      sum = state.sum;
      reads = state.reads;
    }

    @Override
    public Class<State> stateType() {
      return State.class;
    }
  }
}
