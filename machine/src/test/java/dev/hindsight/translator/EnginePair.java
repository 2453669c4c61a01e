package dev.hindsight.translator;

import dev.hindsight.board.EngineFactory;
import dev.hindsight.bus.state.RecordCodec;
import dev.hindsight.cpu.RunExit;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.VcpuState;
import dev.hindsight.cpu.X87Registers;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Two machines that differ in their engine only, and are compared all along. */
final class EnginePair implements AutoCloseable {
  private static final RecordCodec<VcpuState> CODEC = RecordCodec.of(VcpuState.class);

  /** To be added to 1 without effect, if the host's rounding mode is what Java's must be. */
  private static final double[] HALF_AN_ULP = {0x1p-53};

  private static final double[] TINY = {Double.MIN_VALUE};

  private final FuzzMachine reference;
  private final FuzzMachine tested;
  private final HostX87 host = new HostX87();
  private long steps;

  EnginePair(int tlbCapacity) {
    this(tlbCapacity, TestEngines.TRANSLATOR);
  }

  /** Of machines with so many entries in their TLBs; the tested one's engine is given. */
  EnginePair(int tlbCapacity, EngineFactory engine) {
    reference = new FuzzMachine(TestEngines.INTERPRETER, tlbCapacity);
    tested = new FuzzMachine(engine, tlbCapacity);
  }

  /** Steps that were compared. */
  long steps() {
    return steps;
  }

  FuzzMachine reference() {
    return reference;
  }

  FuzzMachine tested() {
    return tested;
  }

  void load(FuzzCase c, byte[] data) {
    reference.load(c, data);
    tested.load(c, data);
  }

  /** Has both memories remember what they hold. */
  void remember() {
    reference.remember();
    tested.remember();
  }

  /** Both memories become what they remember. */
  void recall() {
    reference.recall();
    tested.recall();
  }

  /** Writes to both memories as a device does; true. */
  boolean write(int address, byte[] bytes) {
    reference.memory().write(address, bytes, 0, bytes.length);
    tested.memory().write(address, bytes, 0, bytes.length);
    return true;
  }

  /**
   * Runs a case in both.
   *
   * @return how they differ, or null
   */
  @Nullable String run(FuzzCase c, byte[] data) {
    load(c, data);
    SplittableRandom r = new SplittableRandom(c.script());
    int vcpus = r.nextInt(4) == 0 ? 2 : 1;
    int left = c.ticks();
    for (int slice = 0; left > 0; slice++) {
      int n = r.nextInt(vcpus);
      int budget =
          switch (r.nextInt(8)) {
            case 0 -> r.nextInt(1, 4);
            case 1 -> r.nextInt(1, 12);
            default -> r.nextInt(1, c.ticks() + 1);
          };
      long before = reference.cpu(n).tick();
      RunExit expected = reference.run(n, budget);
      RunExit exit = tested.run(n, budget);
      String difference =
          exit != expected ? String.format("exit %s, expected %s", exit, expected) : difference(n);
      if (difference != null) {
        return String.format("vCPU %d, slice %d of %d ticks: %s", n, slice, budget, difference);
      }
      if (exit == RunExit.TRIPLE_FAULT) {
        break;
      }
      if (exit == RunExit.HALTED) {
        long rip = c.address(r.nextInt(c.starts().length));
        long rsp =
            r.nextBoolean() ? c.registers()[n].general()[4] : reference.cpu(n).general().get64(4);
        reference.enter(c, n, rip, rsp);
        tested.enter(c, n, rip, rsp);
      }
      event(r, n);
      left -= (int) Math.max(1, reference.cpu(n).tick() - before);
    }
    steps += reference.cpu(0).steps() + reference.cpu(1).steps();
    return finalDifference(c.number() % 16 == 0);
  }

  private void event(SplittableRandom r, int vcpu) {
    switch (r.nextInt(32)) {
      case 2, 3, 4 -> remember();
      case 5 -> recall();
      case 0, 1 -> {
        byte[] bytes = new byte[r.nextInt(1, 9)];
        for (int i = 0; i < bytes.length; i++) {
          bytes[i] = (byte) (r.nextBoolean() ? 0x90 : r.nextInt());
        }
        int address = FuzzMachine.CODE + r.nextInt(2 * FuzzMachine.PAGE - bytes.length);
        write(address, bytes);
      }
      case 6, 7 -> {
        reference.cpu(vcpu).events().intr(true);
        tested.cpu(vcpu).events().intr(true);
      }
      default -> {}
    }
  }

  // ---- comparison

  /** How registers differ that instructions work on. */
  @Nullable String difference(int vcpu) {
    Vcpu a = reference.cpu(vcpu);
    Vcpu b = tested.cpu(vcpu);
    StringBuilder t = new StringBuilder();
    compare(t, "RIP", a.rip(), b.rip());
    compare(t, "RFLAGS", a.flags().get(), b.flags().get());
    compare(t, "tick", a.tick(), b.tick());
    compare(t, "steps", a.steps(), b.steps());
    compare(t, "CPL", a.cpl(), b.cpl());
    compare(t, "CR2", a.control().cr2(), b.control().cr2());
    compare(t, "MXCSR", a.vectors().mxcsr(), b.vectors().mxcsr());
    compare(t, "activity", a.activity().ordinal(), b.activity().ordinal());
    compare(t, "device", reference.deviceState(), tested.deviceState());
    for (int i = 0; i < 16; i++) {
      compare(t, "R" + i, a.general().get64(i), b.general().get64(i));
      for (int k = 0; k < 4; k++) {
        if (a.vectors().get(i, k) != b.vectors().get(i, k)) {
          compare(t, "YMM" + i + "[" + k + "]", a.vectors().get(i, k), b.vectors().get(i, k));
        }
      }
    }
    compare(t, a.x87(), b.x87());
    if (1 + HALF_AN_ULP[0] != 1 || TINY[0] * 1.0 == 0) {
      t.append("; the JVM's MXCSR is not restored");
    }
    if (!host.isAtRest()) {
      t.append("; the JVM's x87 unit is not restored");
    }
    return t.isEmpty() ? null : t.substring(2);
  }

  private static void compare(StringBuilder t, X87Registers a, X87Registers b) {
    compare(t, "FCW", a.control(), b.control());
    compare(t, "FSW", a.status(), b.status());
    compare(t, "empty", a.emptyMask(), b.emptyMask());
    compare(t, "FIP", a.instructionPointer(), b.instructionPointer());
    compare(t, "FCS", a.instructionSelector(), b.instructionSelector());
    compare(t, "FDP", a.dataPointer(), b.dataPointer());
    compare(t, "FDS", a.dataSelector(), b.dataSelector());
    compare(t, "FOP", a.opcode(), b.opcode());
    for (int n = 0; n < 8; n++) {
      if (a.significand(n) != b.significand(n) || a.signExponent(n) != b.signExponent(n)) {
        compare(t, "sign and exponent of R" + n, a.signExponent(n), b.signExponent(n));
        compare(t, "significand of R" + n, a.significand(n), b.significand(n));
      }
    }
  }

  private static void compare(StringBuilder t, String name, long expected, long got) {
    if (expected != got) {
      t.append(String.format("; %s %x, expected %x", name, got, expected));
    }
  }

  /**
   * How memory differs.
   *
   * @param all whether to look at all state of the vCPUs too
   */
  @Nullable String finalDifference(boolean all) {
    for (int i = 0; all && i < FuzzMachine.VCPUS; i++) {
      VcpuState a = reference.cpu(i).save();
      VcpuState b = tested.cpu(i).save();
      if (!Arrays.equals(CODEC.encode(a), CODEC.encode(b))) {
        return "vCPU " + i + " in the end: " + b + ", expected " + a;
      }
    }
    byte[] a = reference.ram();
    byte[] b = tested.ram();
    int at = Arrays.mismatch(a, b);
    if (at >= 0) {
      return String.format("byte at %x is %02x, expected %02x", at, b[at] & 0xFF, a[at] & 0xFF);
    }
    return null;
  }

  @Override
  public void close() {
    reference.close();
    tested.close();
    host.close();
  }
}
