package dev.hindsight.translator;

import dev.hindsight.board.EngineFactory;
import dev.hindsight.board.InterpreterFactory;
import dev.hindsight.bus.PhysicalMemory;
import dev.hindsight.cpu.CpuModel;
import dev.hindsight.cpu.Engine;
import dev.hindsight.cpu.instructions.InstructionSet;
import dev.hindsight.x86.Decoder;

/** The engines that tests compare. */
public enum TestEngines implements EngineFactory {
  /** The reference. */
  INTERPRETER {
    @Override
    public Engine create(PhysicalMemory memory, CpuModel model) {
      // a factory is for one thread
      return new InterpreterFactory().create(memory, model);
    }
  },
  /** The binary translator; tests of it run on hosts that it can run on only. */
  TRANSLATOR {
    @Override
    public Engine create(PhysicalMemory memory, CpuModel model) {
      try {
        return new Translator(memory, new Decoder(model.features()), InstructionSet.semantics());
      } catch (HostRefusal e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
