package dev.hindsight.translator;

import dev.hindsight.board.EngineFactory;
import dev.hindsight.board.InterpreterFactory;
import dev.hindsight.bus.PhysicalMemory;
import dev.hindsight.cpu.CpuModel;
import dev.hindsight.cpu.Engine;
import dev.hindsight.cpu.instructions.InstructionSet;
import dev.hindsight.x86.Decoder;
import dev.hindsight.x86.Mnemonic;
import java.util.EnumSet;
import java.util.Set;

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
        return on(Host.present()).create(memory, model);
      } catch (HostRefusal e) {
        throw new IllegalStateException(e);
      }
    }
  };

  private static final long FEW_BYTES = 256 << 10;

  /** Translators for a host of which not everything is used, or not all flags are trusted. */
  static EngineFactory on(Host host) {
    return on(host, Patience.USUAL, Translator.CODE_BYTES);
  }

  /** The same with their patience with code that is rewritten, and bytes of memory for code. */
  static EngineFactory on(Host host, Patience patience, long codeBytes) {
    return (memory, model) -> {
      try {
        return new Translator(
            memory,
            new Decoder(model.features()),
            InstructionSet.semantics(),
            TranslationListener.NONE,
            host,
            patience,
            codeBytes);
      } catch (HostRefusal e) {
        throw new IllegalStateException(e);
      }
    };
  }

  /**
   * Translators as if this host's shifts left flags of their own, as those of some makers do; they
   * have room for little code, and often forget all of it.
   */
  static EngineFactory correctingFlags() {
    try {
      Host present = Host.present();
      Set<Mnemonic> differing = EnumSet.copyOf(ShiftInstructions.CORRECTED);
      differing.addAll(present.differing());
      return on(
          new Host(present.lacking(), differing, present.ofX87()),
          Patience.USUAL,
          Translator.ROOM_FOR_A_BLOCK + FEW_BYTES);
    } catch (HostRefusal e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Translators that take all that is rewritten for code that will be, and forget all code often.
   */
  static EngineFactory impatient() {
    try {
      return on(Host.present(), new Patience(1, 1), Translator.ROOM_FOR_A_BLOCK + FEW_BYTES);
    } catch (HostRefusal e) {
      throw new IllegalStateException(e);
    }
  }
}
