package dev.hindsight.cpu;

import dev.hindsight.x86.Feature;
import java.util.Set;

/** A model of CPU: what CPUID says it can do. */
public interface CpuModel {
  /** {@code i686}, {@code v2} or {@code v3}. */
  String name();

  /** The instruction-set extensions that it has. */
  Set<Feature> features();

  /** Width of physical addresses in bits (MAXPHYADDR). */
  int physicalAddressBits();

  /** Type, family, model and stepping as in CPUID leaf 1 EAX, and in EDX after reset. */
  int signature();

  /** Whether it has an extension. */
  default boolean has(Feature feature) {
    return features().contains(feature);
  }
}
