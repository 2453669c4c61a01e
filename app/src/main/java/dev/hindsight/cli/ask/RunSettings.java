package dev.hindsight.cli.ask;

import dev.hindsight.board.InterpreterFactory;
import dev.hindsight.board.Machine;
import dev.hindsight.board.MachineBuilder;
import dev.hindsight.cli.Engines;
import dev.hindsight.timeline.store.RecordedPc;
import java.util.Locale;

/**
 * How a recording is run. None of it may make a difference.
 *
 * @param engine what executes instructions
 * @param tlb most entries of a TLB, or 0 for no limit
 * @param generic the interpreter without fast operations, instead of the engine
 */
record RunSettings(Engines engine, int tlb, boolean generic) {
  /** The usual. */
  static final RunSettings USUAL = new RunSettings(Engines.AUTO, 0, false);

  /** A machine at power-on. */
  Machine machine(RecordedPc pc) {
    MachineBuilder builder =
        pc.builder().engine(generic ? new InterpreterFactory(false) : engine.factory());
    return (tlb == 0 ? builder : builder.tlbCapacity(tlb)).build();
  }

  @Override
  public String toString() {
    String text =
        generic
            ? "interpreter without fast operations"
            : "engine " + engine.name().toLowerCase(Locale.ROOT);
    return tlb == 0 ? text : text + ", TLBs of " + tlb;
  }
}
