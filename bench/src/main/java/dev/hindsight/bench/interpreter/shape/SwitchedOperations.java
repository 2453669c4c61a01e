package dev.hindsight.bench.interpreter.shape;

/** Executes operations by a switch over their kind. The subclass is generated. */
abstract class SwitchedOperations {
  abstract void execute(SyntheticCpu cpu, int kind, int a, int b, long immediate);
}
