package dev.hindsight.cli;

import dev.hindsight.board.EngineFactory;
import dev.hindsight.board.InterpreterFactory;

/** The engines that can be asked for. */
public enum Engines {
  /** The fastest one that this host has; today that is the interpreter everywhere. */
  AUTO,
  /** The reference. */
  INTERPRETER;

  /** Makes it. */
  public EngineFactory factory() {
    return new InterpreterFactory();
  }
}
