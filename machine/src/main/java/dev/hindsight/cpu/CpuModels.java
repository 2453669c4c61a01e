package dev.hindsight.cpu;

import dev.hindsight.x86.Feature;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The CPU models that a machine can be built with. */
public final class CpuModels {
  /**
   * Family 6, model 0x1C, stepping 9: a core that executes in order and does not speculate, as ours
   * does. Kernels know that it needs no mitigations, and that this stepping has no branch records.
   */
  private static final int IN_ORDER_ATOM = 0x0001_06C9;

  /**
   * A 32-bit processor of the P6 family with SSE2: what distributions call i686, and a little more,
   * so that their 32-bit kernels and programs run.
   */
  public static final CpuModel I686 =
      new Model(
          "i686",
          IN_ORDER_ATOM,
          36,
          EnumSet.of(
              Feature.BASE,
              Feature.FPU,
              Feature.TSC,
              Feature.MSR,
              Feature.CX8,
              Feature.SEP,
              Feature.CMOV,
              Feature.CLFLUSH,
              Feature.MMX,
              Feature.FXSR,
              Feature.SSE,
              Feature.SSE2));

  /** The x86-64-v2 level, with the system features that kernels of today like. */
  public static final CpuModel V2 = new Model("v2", IN_ORDER_ATOM, 40, v2());

  /** The x86-64-v3 level: {@link #V2} with AVX, AVX2, BMI, FMA, F16C, MOVBE and LZCNT. */
  public static final CpuModel V3 = new Model("v3", IN_ORDER_ATOM, 40, v3());

  /** All models, the simplest first. */
  public static final List<CpuModel> ALL = List.of(I686, V2, V3);

  private CpuModels() {}

  /**
   * A model by its name.
   *
   * @param name {@code i686}, {@code v2} or {@code v3}
   */
  public static CpuModel byName(String name) {
    for (CpuModel model : ALL) {
      if (model.name().equals(name)) {
        return model;
      }
    }
    throw new IllegalArgumentException("there is no CPU model " + name + "; there are " + ALL);
  }

  private static EnumSet<Feature> v2() {
    EnumSet<Feature> f = EnumSet.copyOf(I686.features());
    f.addAll(
        EnumSet.of(
            Feature.LONG_MODE,
            Feature.SSE3,
            Feature.MONITOR,
            Feature.SSSE3,
            Feature.SSE4_1,
            Feature.SSE4_2,
            Feature.POPCNT,
            Feature.CX16,
            Feature.LAHF64,
            Feature.SYSCALL,
            Feature.RDTSCP,
            Feature.AES,
            Feature.PCLMULQDQ,
            Feature.SHA,
            Feature.RDRAND,
            Feature.RDSEED,
            Feature.XSAVE,
            Feature.XSAVEOPT,
            Feature.XSAVEC,
            Feature.XSAVES));
    f.addAll(
        EnumSet.of(
            Feature.FSGSBASE,
            Feature.PCID,
            Feature.INVPCID,
            Feature.SMAP,
            Feature.PKU,
            Feature.RDPID,
            Feature.CLFLUSHOPT,
            Feature.CLWB,
            Feature.PREFETCHW));
    return f;
  }

  private static EnumSet<Feature> v3() {
    EnumSet<Feature> f = EnumSet.copyOf(V2.features());
    f.addAll(
        EnumSet.of(
            Feature.MOVBE,
            Feature.LZCNT,
            Feature.BMI1,
            Feature.BMI2,
            Feature.ADX,
            Feature.AVX,
            Feature.AVX2,
            Feature.F16C,
            Feature.FMA));
    return f;
  }

  private record Model(String name, int signature, int physicalAddressBits, Set<Feature> features)
      implements CpuModel {
    Model {
      features = Collections.unmodifiableSet(EnumSet.copyOf(features));
    }

    @Override
    public String toString() {
      return name;
    }
  }
}
