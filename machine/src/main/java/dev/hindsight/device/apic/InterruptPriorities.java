package dev.hindsight.device.apic;

/**
 * The interrupts that a local APIC has accepted, and which of them may come next (SDM volume 3,
 * section "Interrupt Acceptance for Fixed Interrupts" and the two on priorities before it).
 */
final class InterruptPriorities {
  private final VectorSet requested = new VectorSet();
  private final VectorSet inService = new VectorSet();
  private final VectorSet levelTriggered = new VectorSet();
  private int taskPriority;

  /** IRR. */
  VectorSet requested() {
    return requested;
  }

  /** ISR. */
  VectorSet inService() {
    return inService;
  }

  /** TMR. */
  VectorSet levelTriggered() {
    return levelTriggered;
  }

  /** The task-priority register, 0 to 255. */
  int taskPriority() {
    return taskPriority;
  }

  void taskPriority(int value) {
    taskPriority = value;
  }

  void reset() {
    requested.clear();
    inService.clear();
    levelTriggered.clear();
    taskPriority = 0;
  }

  /** Accepts an interrupt; the trigger mode is that of its latest request. */
  void request(int vector, boolean level) {
    requested.add(vector);
    if (level) {
      levelTriggered.add(vector);
    } else {
      levelTriggered.remove(vector);
    }
  }

  /** The processor-priority register. */
  int processorPriority() {
    int serving = Math.max(inService.highest(), 0);
    return (taskPriority >>> 4) >= (serving >>> 4) ? taskPriority : serving & 0xF0;
  }

  /** Whether an interrupt is above the processor's priority. */
  boolean hasDeliverable() {
    int vector = requested.highest();
    return vector >= 0 && (vector >>> 4) > (processorPriority() >>> 4);
  }

  /** Puts the highest request in service and returns its vector; there must be one. */
  int take() {
    int vector = requested.highest();
    requested.remove(vector);
    inService.add(vector);
    return vector;
  }

  /** Ends the service of the highest; returns its vector, or -1 if none is in service. */
  int end() {
    int vector = inService.highest();
    if (vector >= 0) {
      inService.remove(vector);
    }
    return vector;
  }
}
