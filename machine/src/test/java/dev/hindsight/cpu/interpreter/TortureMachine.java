package dev.hindsight.cpu.interpreter;

import dev.hindsight.board.EngineFactory;
import dev.hindsight.bus.InterruptSource;
import dev.hindsight.bus.MsrBus;
import dev.hindsight.bus.PhysicalMap;
import dev.hindsight.bus.PortMap;
import dev.hindsight.bus.state.RecordCodec;
import dev.hindsight.bus.state.StateHash;
import dev.hindsight.cpu.Activity;
import dev.hindsight.cpu.CpuModel;
import dev.hindsight.cpu.CpuModels;
import dev.hindsight.cpu.Engine;
import dev.hindsight.cpu.RunExit;
import dev.hindsight.cpu.Stops;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.VcpuState;
import dev.hindsight.cpu.paging.TranslationCaches;
import dev.hindsight.memory.GuestRam;
import dev.hindsight.memory.RamSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Some vCPUs, RAM and an engine: whatever the bytes in RAM make of it. */
final class TortureMachine implements AutoCloseable {
  static final int RAM_BYTES = 2 << 20;
  private static final CpuModel MODEL = CpuModels.V3;
  private static final RecordCodec<VcpuState> CODEC = RecordCodec.of(VcpuState.class);
  private static final int VECTOR = 0x20;

  final GuestRam ram = new GuestRam(RAM_BYTES);
  final PhysicalMap memory = new PhysicalMap();
  final List<Vcpu> cpus = new ArrayList<>();
  private final boolean counts;
  private final Engine engine;

  /**
   * A machine.
   *
   * @param engines makes what runs it
   * @param counts whether performance counters are set anew all the time
   */
  TortureMachine(int vcpus, int tlbCapacity, EngineFactory engines, boolean counts) {
    this.counts = counts;
    memory.mapRam(0, ram, 0, RAM_BYTES);
    TranslationCaches caches =
        new TranslationCaches(memory, MODEL.physicalAddressBits(), tlbCapacity);
    for (int i = 0; i < vcpus; i++) {
      int number = i;
      cpus.add(
          new Vcpu(
              i,
              MODEL,
              memory,
              caches,
              new PortMap(),
              MsrBus.EMPTY,
              new InterruptSource() {
                @Override
                public int acknowledge() {
                  cpus.get(number).events().intr(false);
                  return VECTOR;
                }

                @Override
                public int taskPriority() {
                  return 0;
                }

                @Override
                public void taskPriority(int value) {}
              }));
    }
    for (Vcpu cpu : cpus) {
      cpu.pmu().connect(() -> cpu.events().intr(true));
    }
    engine = engines.create(memory, MODEL);
  }

  /** What must not make a difference. */
  record Manner(Stops stops, int longestSlice, boolean restores) {}

  /**
   * Runs each vCPU for so many ticks, in quanta, in slices of random length.
   *
   * @throws AssertionError if a run executes more ticks than it may
   */
  void run(int quantum, int quanta, Manner manner, Random slices) {
    for (int q = 1; q <= quanta; q++) {
      long end = (long) q * quantum;
      for (Vcpu cpu : cpus) {
        runTo(cpu, end, manner, slices);
      }
      boundary(q);
    }
  }

  /** Things that happen from outside. */
  private void boundary(int q) {
    Vcpu cpu = cpus.get(q % cpus.size());
    if (q % 3 == 0) {
      cpu.events().intr(true);
    }
    if (q % 7 == 0) {
      cpu.events().nmi();
    }
    if (q % 5 == 0) {
      memory.a20(!memory.a20());
    }
    if (counts && q % 2 == 0) {
      cpus.forEach(each -> countAnew(each, q));
    }
    byte[] dma = {(byte) q, (byte) 0x40, (byte) 0x90};
    memory.write(0x4000 + (q * 977L & 0x3FFF), dma, 0, dma.length);
  }

  /** Has a counter of instructions and one of branches overflow in the middle of the quantum. */
  private static void countAnew(Vcpu cpu, int q) {
    long steps = cpu.steps();
    cpu.pmu().write(0x186, 0x53_00C0, steps);
    cpu.pmu().write(0x187, 0x53_00C4, steps);
    cpu.pmu().write(0xC1, -(1 + q * 13 % 50), steps);
    cpu.pmu().write(0xC2, -(1 + q * 7 % 10), steps);
    cpu.pmu().write(0x38F, 0xF, steps);
  }

  private void runTo(Vcpu cpu, long end, Manner manner, Random slices) {
    while (cpu.tick() < end) {
      long left = end - cpu.tick();
      long budget = Math.min(left, 1 + slices.nextInt(manner.longestSlice));
      long limit = cpu.tick() + budget;
      RunExit exit = engine.run(cpu, budget, manner.stops);
      if (cpu.tick() > limit) {
        throw new AssertionError("ran " + (cpu.tick() - limit) + " ticks too far");
      }
      if (exit == RunExit.HALTED || exit == RunExit.TRIPLE_FAULT) {
        cpu.tick(end);
      }
      if (manner.restores && slices.nextInt(4) == 0) {
        restore();
      }
    }
  }

  private void restore() {
    List<byte[]> saved = cpus.stream().map(c -> CODEC.encode(c.save())).toList();
    try (RamSnapshot snapshot = ram.snapshot()) {
      ram.restore(snapshot);
    }
    for (int i = 0; i < saved.size(); i++) {
      cpus.get(i).load(CODEC.decode(saved.get(i)));
    }
  }

  /** All state in one number. */
  long hash() {
    StateHash hash = new StateHash().add(ram.hash()).add(memory.a20() ? 1 : 0);
    for (Vcpu cpu : cpus) {
      hash.add(CODEC.encode(cpu.save()));
    }
    return hash.value();
  }

  boolean anyRuns() {
    return cpus.stream().anyMatch(c -> c.activity() != Activity.SHUTDOWN);
  }

  @Override
  public void close() {
    ram.close();
  }
}
