package dev.hindsight.silicon;

import dev.hindsight.silicon.GeneratedCase.Kind;
import dev.hindsight.x86.Instruction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Makes a differing case smaller: fewer instructions, and registers that do not matter made 0. */
final class Shrinker {
  private final Campaign campaign;
  private final DataPages pages;
  private final String field;
  private GeneratedCase best;

  private Shrinker(Campaign campaign, DataPages pages, GeneratedCase c, String field) {
    this.campaign = campaign;
    this.pages = pages;
    this.best = c;
    this.field = field;
  }

  /**
   * The smallest case found that differs in the same thing.
   *
   * @param differences how the case differs
   */
  static GeneratedCase shrink(
      Campaign campaign, DataPages pages, GeneratedCase c, List<String> differences) {
    Shrinker s = new Shrinker(campaign, pages, c, field(differences));
    if (c.kind() == Kind.SEQUENCE) {
      s.dropInstructions();
    }
    s.simplifyState();
    return s.best;
  }

  private static String field(List<String> differences) {
    String first = differences.getFirst();
    return first.substring(0, Math.max(0, first.indexOf(':')));
  }

  private void dropInstructions() {
    int[] starts = new int[best.instructions().size()];
    boolean[] gone = new boolean[starts.length];
    int at = 0;
    for (int i = 0; i < starts.length; i++) {
      starts[i] = at;
      at += best.instructions().get(i).length();
    }
    List<Instruction> all = best.instructions();
    for (int i = starts.length - 1; i >= 0; i--) {
      byte[] code = best.test().code().clone();
      Arrays.fill(code, starts[i], starts[i] + all.get(i).length(), (byte) 0x90);
      gone[i] = true;
      List<Instruction> left = new ArrayList<>();
      for (int j = 0; j < gone.length; j++) {
        if (!gone[j]) {
          left.add(all.get(j));
        }
      }
      TestCase t = best.test();
      gone[i] =
          !left.isEmpty()
              && keep(
                  new GeneratedCase(
                      best.index(),
                      new TestCase(t.mode(), t.codeOffset(), code, t.initial()),
                      Kind.SEQUENCE,
                      left));
    }
  }

  private void simplifyState() {
    change(s -> s.rflags = 0x202);
    change(s -> s.xsaveInt(CpuState.MXCSR, 0x1F80));
    change(s -> {
      s.xsaveShort(CpuState.FCW, 0x37F);
      s.xsaveShort(CpuState.FSW, s.xsaveShort(CpuState.FSW) & ~0x8080);
    });
    change(s -> s.xsaveShort(CpuState.FSW, s.xsaveShort(CpuState.FSW) & 0x3800));
    change(s -> s.xsaveShort(CpuState.FTW, 0xFF));
    change(s -> s.fsBase = 0);
    change(s -> s.gsBase = 0);
    for (int i = 0; i < 16; i++) {
      int n = i;
      change(s -> s.gpr[n] = 0);
      change(s -> {
        for (int q = 0; q < 4; q++) {
          s.ymm(n, q, 0);
        }
      });
      for (int q = 0; q < 4; q++) {
        int quad = q;
        change(s -> s.ymm(n, quad, 0));
      }
    }
    for (int i = 0; i < 8; i++) {
      int at = CpuState.ST0 + i * 16;
      change(s -> {
        s.xsaveLong(at, 0);
        s.xsaveLong(at + 8, 0);
      });
    }
  }

  private void change(Consumer<CpuState> edit) {
    CpuState s = best.test().initial().copy();
    edit.accept(s);
    TestCase t = best.test();
    keep(
        new GeneratedCase(
            best.index(),
            new TestCase(t.mode(), t.codeOffset(), t.code(), s),
            best.kind(),
            best.instructions()));
  }

  private boolean keep(GeneratedCase c) {
    List<String> differences = campaign.run(c, pages);
    if (differences.isEmpty() || !field(differences).equals(field)) {
      return false;
    }
    best = c;
    return true;
  }
}
