package dev.hindsight.bench.interpreter.shape;

/** An operation object. Its subclasses are generated: see {@link OperationClasses}. */
abstract class SyntheticOperation {
  final int function;
  final int a;
  final int b;
  final long immediate;

  /** The next operation of the block, for those that call it. */
  SyntheticOperation next = this;

  SyntheticOperation(int function, int a, int b, long immediate) {
    this.function = function;
    this.a = a;
    this.b = b;
    this.immediate = immediate;
  }

  abstract void execute(SyntheticCpu cpu);

  /** Ends a chain. */
  static final class End extends SyntheticOperation {
    End() {
      super(0, 0, 0, 0);
    }

    @Override
    void execute(SyntheticCpu cpu) {}
  }
}
