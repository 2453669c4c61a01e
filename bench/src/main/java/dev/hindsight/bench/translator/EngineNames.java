package dev.hindsight.bench.translator;

import dev.hindsight.board.EngineFactory;
import dev.hindsight.board.InterpreterFactory;
import dev.hindsight.cpu.instructions.InstructionSet;
import dev.hindsight.translator.HostRefusal;
import dev.hindsight.translator.Translator;
import dev.hindsight.x86.Decoder;

/** The engines that measurements take as an argument. */
public final class EngineNames {
  private EngineNames() {}

  /** Makes machines run with {@code interpreter} or {@code translator}. */
  public static EngineFactory factory(String name) {
    return switch (name) {
      case "interpreter" -> new InterpreterFactory();
      case "translator" ->
          (memory, model) -> {
            try {
              return new Translator(
                  memory, new Decoder(model.features()), InstructionSet.semantics());
            } catch (HostRefusal e) {
              throw new IllegalStateException(e);
            }
          };
      default -> throw new IllegalArgumentException("no engine is called " + name);
    };
  }
}
