package dev.hindsight.board;

import dev.hindsight.bus.IoRegion;
import java.util.List;
import java.util.function.IntSupplier;

/** Registers that each CPU has its own of at the same address: those of the local APICs. */
final class PerCpuRegisters implements IoRegion {
  private final List<? extends IoRegion> byCpu;
  private final IntSupplier accessingCpu;

  PerCpuRegisters(List<? extends IoRegion> byCpu, IntSupplier accessingCpu) {
    this.byCpu = byCpu;
    this.accessingCpu = accessingCpu;
  }

  private IoRegion mine() {
    return byCpu.get(accessingCpu.getAsInt());
  }

  @Override
  public long read(long offset, int bytes) {
    return mine().read(offset, bytes);
  }

  @Override
  public long peek(long offset, int bytes) {
    return mine().peek(offset, bytes);
  }

  @Override
  public void write(long offset, int bytes, long value) {
    mine().write(offset, bytes, value);
  }
}
