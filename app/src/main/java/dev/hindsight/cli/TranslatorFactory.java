package dev.hindsight.cli;

import dev.hindsight.board.EngineFactory;
import dev.hindsight.board.InterpreterFactory;
import dev.hindsight.bus.PhysicalMemory;
import dev.hindsight.cpu.CpuModel;
import dev.hindsight.cpu.Engine;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.instructions.InstructionSet;
import dev.hindsight.translator.HostRefusal;
import dev.hindsight.translator.TranslationListener;
import dev.hindsight.translator.Translator;
import dev.hindsight.x86.Decoder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Makes binary translators. */
final class TranslatorFactory implements EngineFactory {
  private final String system;
  private final String architecture;
  private final TranslationListener listener;
  private final Map<String, Decoder> decoders = new ConcurrentHashMap<>();
  private final SemanticTable semantics = InstructionSet.semantics();

  /** A factory; somebody hears of what they translate. */
  TranslatorFactory(TranslationListener listener) {
    this(System.getProperty("os.name"), System.getProperty("os.arch"), listener);
  }

  /** For a host that calls itself so. */
  TranslatorFactory(String system, String architecture, TranslationListener listener) {
    this.system = system;
    this.architecture = architecture;
    this.listener = listener;
  }

  /** This factory, but of interpreters where the host cannot run translators: it says so once. */
  EngineFactory orInterpreter() {
    InterpreterFactory interpreters = new InterpreterFactory();
    boolean[] said = new boolean[1];
    return (memory, model) -> {
      try {
        return make(memory, model);
      } catch (HostRefusal e) {
        if (!said[0]) {
          said[0] = true;
          System.err.println("hindsight: " + e.getMessage() + "; the interpreter runs the guest.");
        }
        return interpreters.create(memory, model);
      }
    };
  }

  @Override
  public Engine create(PhysicalMemory memory, CpuModel model) {
    try {
      return make(memory, model);
    } catch (HostRefusal e) {
      throw new IllegalArgumentException(
          "The translator cannot be used here: " + e.getMessage() + "; try --engine interpreter.");
    }
  }

  private Engine make(PhysicalMemory memory, CpuModel model) throws HostRefusal {
    checkPlatform();
    Decoder decoder = decoders.computeIfAbsent(model.name(), name -> new Decoder(model.features()));
    return new Translator(memory, decoder, semantics, listener);
  }

  /** Emitted code is x86-64 code, called as Linux's functions are, in memory that Linux gives. */
  private void checkPlatform() throws HostRefusal {
    if (!system.equals("Linux") || !architecture.equals("amd64")) {
      throw new HostRefusal(
          "translated code runs on Linux on x86-64, not on %s on %s"
              .formatted(system, architecture));
    }
  }
}
