package dev.hindsight.cpu.pmu;

/**
 * All state of a {@link PerformanceMonitor}, brought up to the vCPU's last step.
 *
 * @param selectors IA32_PERFEVTSEL0 to 3
 * @param counters IA32_PMC0 to 3, then IA32_FIXED_CTR0 to 2; 48 bits each
 * @param fixedControl IA32_FIXED_CTR_CTRL
 * @param globalControl IA32_PERF_GLOBAL_CTRL
 * @param globalStatus IA32_PERF_GLOBAL_STATUS
 */
public record PmuState(
    long[] selectors, long[] counters, long fixedControl, long globalControl, long globalStatus) {}
