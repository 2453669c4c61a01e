package dev.hindsight.cli;

import dev.hindsight.board.EngineFactory;
import dev.hindsight.board.InterpreterFactory;

/** The engines that can be asked for. */
public enum Engines {
  /** The fastest one that this host has. */
  AUTO,
  /** The binary translator; an error where the host cannot run it. */
  TRANSLATOR,
  /** The reference. */
  INTERPRETER;

  /** Makes it. */
  public EngineFactory factory() {
    return switch (this) {
      case AUTO -> new TranslatorFactory().orInterpreter();
      case TRANSLATOR -> new TranslatorFactory();
      case INTERPRETER -> new InterpreterFactory();
    };
  }
}
