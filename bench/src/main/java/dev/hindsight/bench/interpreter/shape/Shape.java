package dev.hindsight.bench.interpreter.shape;

import java.lang.reflect.Constructor;
import java.util.HashMap;
import java.util.Map;

/** A way to execute the synthetic program. */
interface Shape {
  /** Executes all of the program once. */
  void run(SyntheticCpu cpu);

  /** Operation objects, called in a loop. */
  final class Loop implements Shape {
    private final int[] order;
    private final SyntheticOperation[][] blocks;

    /**
     * The shape for a program.
     *
     * @param byForm a class for each form, which switches over the functions, instead of one for
     *     each kind
     */
    Loop(SyntheticProgram program, boolean byForm) {
      order = program.order;
      blocks = objects(program, byForm, false);
    }

    @Override
    public void run(SyntheticCpu cpu) {
      for (int n : order) {
        block(cpu, blocks[n]);
      }
    }

    private static void block(SyntheticCpu cpu, SyntheticOperation[] operations) {
      for (int i = 0; i < operations.length; i++) {
        cpu.index = i;
        operations[i].execute(cpu);
      }
      cpu.ticks += operations.length;
    }
  }

  /** Operation objects, each of which calls the next. */
  final class Chain implements Shape {
    private final int[] order;
    private final SyntheticOperation[][] blocks;

    Chain(SyntheticProgram program) {
      order = program.order;
      blocks = objects(program, false, true);
      for (SyntheticOperation[] block : blocks) {
        for (int i = 0; i < block.length; i++) {
          block[i].next = i + 1 < block.length ? block[i + 1] : new SyntheticOperation.End();
        }
      }
    }

    @Override
    public void run(SyntheticCpu cpu) {
      for (int n : order) {
        SyntheticOperation[] block = blocks[n];
        block[0].execute(cpu);
        cpu.ticks += block.length;
      }
    }
  }

  /** Numbers, by a switch. */
  final class Switch implements Shape {
    private final int[] order;
    private final int[][] codes;
    private final long[][] immediates;
    private final SwitchedOperations operations = OperationClasses.switched();

    Switch(SyntheticProgram program) {
      order = program.order;
      codes = new int[program.blocks.length][];
      immediates = new long[program.blocks.length][];
      for (int n = 0; n < codes.length; n++) {
        SyntheticProgram.Step[] block = program.blocks[n];
        codes[n] = new int[block.length];
        immediates[n] = new long[block.length];
        for (int i = 0; i < block.length; i++) {
          codes[n][i] = block[i].kind() << 16 | block[i].a() << 8 | block[i].b();
          immediates[n][i] = block[i].immediate();
        }
      }
    }

    @Override
    public void run(SyntheticCpu cpu) {
      for (int n : order) {
        block(cpu, codes[n], immediates[n]);
      }
    }

    private void block(SyntheticCpu cpu, int[] code, long[] immediate) {
      for (int i = 0; i < code.length; i++) {
        cpu.index = i;
        int c = code[i];
        operations.execute(cpu, c >>> 16, c >>> 8 & 0xFF, c & 0xFF, immediate[i]);
      }
      cpu.ticks += code.length;
    }
  }

  private static SyntheticOperation[][] objects(
      SyntheticProgram program, boolean byForm, boolean chained) {
    Map<Integer, Constructor<? extends SyntheticOperation>> classes = new HashMap<>();
    SyntheticOperation[][] blocks = new SyntheticOperation[program.blocks.length][];
    for (int n = 0; n < blocks.length; n++) {
      SyntheticProgram.Step[] block = program.blocks[n];
      blocks[n] = new SyntheticOperation[block.length];
      for (int i = 0; i < block.length; i++) {
        SyntheticProgram.Step s = block[i];
        int key = byForm ? s.form() : s.kind();
        var type =
            classes.computeIfAbsent(
                key,
                k -> OperationClasses.operation(byForm ? -1 : s.function(), s.form(), chained));
        try {
          blocks[n][i] = type.newInstance(s.function(), s.a(), s.b(), s.immediate());
        } catch (ReflectiveOperationException e) {
          throw new IllegalStateException(e);
        }
      }
    }
    return blocks;
  }
}
