package dev.hindsight.cli;

import dev.hindsight.board.EngineFactory;
import dev.hindsight.board.InterpreterFactory;

/** The engines that can be asked for. */
enum Engines {
  /** The fastest one that this host has; today that is the interpreter everywhere. */
  AUTO,
  /** The reference. */
  INTERPRETER;

  EngineFactory factory() {
    return new InterpreterFactory();
  }
}
