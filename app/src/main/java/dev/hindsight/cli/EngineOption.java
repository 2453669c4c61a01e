package dev.hindsight.cli;

import picocli.CommandLine.Option;

/** What executes instructions, as an option of the commands that run machines. */
public final class EngineOption {
  /** The engines there are, in the help text. */
  public static final String LABEL = "auto|translator|interpreter";

  @Option(
      names = "--engine",
      paramLabel = LABEL,
      defaultValue = "auto",
      description = "What executes instructions (default: ${DEFAULT-VALUE}).")
  private Engines engine = Engines.AUTO;

  /** The engine. */
  public Engines engine() {
    return engine;
  }
}
