package dev.hindsight.board;

import dev.hindsight.bus.PhysicalMemory;
import dev.hindsight.cpu.CpuModel;
import dev.hindsight.cpu.Engine;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.instructions.InstructionSet;
import dev.hindsight.cpu.interpreter.Interpreter;
import dev.hindsight.x86.Decoder;
import java.util.HashMap;
import java.util.Map;

/** Makes interpreters. One factory serves many machines of a thread, which share its decoders. */
public final class InterpreterFactory implements EngineFactory {
  private final Map<String, Decoder> decoders = new HashMap<>();
  private final SemanticTable semantics = InstructionSet.semantics();
  private final boolean fast;

  /** A factory. */
  public InterpreterFactory() {
    this(true);
  }

  /**
   * A factory of interpreters with or without fast operations, which do the same.
   *
   * @param fast whether frequent forms have operations of their own
   */
  public InterpreterFactory(boolean fast) {
    this.fast = fast;
  }

  @Override
  public Engine create(PhysicalMemory memory, CpuModel model) {
    Decoder decoder = decoders.computeIfAbsent(model.name(), name -> new Decoder(model.features()));
    return new Interpreter(memory, decoder, semantics, fast);
  }
}
