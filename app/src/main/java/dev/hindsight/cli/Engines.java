package dev.hindsight.cli;

import dev.hindsight.board.EngineFactory;
import dev.hindsight.board.InterpreterFactory;
import dev.hindsight.translator.TranslationListener;

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
    return factory(TranslationListener.NONE);
  }

  /** Makes it, and has somebody hear of what it translates, if it does. */
  EngineFactory factory(TranslationListener listener) {
    return switch (this) {
      case AUTO -> new TranslatorFactory(listener).orInterpreter();
      case TRANSLATOR -> new TranslatorFactory(listener);
      case INTERPRETER -> new InterpreterFactory();
    };
  }
}
