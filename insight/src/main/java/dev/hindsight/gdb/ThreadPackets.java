package dev.hindsight.gdb;

import dev.hindsight.cpu.Vcpu;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Packets about threads, and which of them the debugger has chosen. */
final class ThreadPackets {
  private final DebugTarget target;

  /** Number of the vCPU that registers and memory are looked at through. */
  private int current;

  /** Number of the vCPU that steps. */
  private int resumed;

  ThreadPackets(DebugTarget target) {
    this.target = target;
  }

  void addTo(PacketTable table) {
    table.on("Hg", rest -> choose(rest, false));
    table.on("Hc", rest -> choose(rest, true));
    table.on(
        "T",
        rest -> {
          vcpu(rest);
          return PacketTable.OK;
        });
    table.onExactly("qC", _ -> "QC" + id(current));
    table.onExactly("qfThreadInfo", _ -> all());
    table.onExactly("qsThreadInfo", _ -> "l");
    table.on("qThreadExtraInfo,", rest -> Hex.of(describe(vcpu(rest))));
  }

  /** The vCPU that registers and memory are looked at through. */
  Vcpu current() {
    return target.machine().vcpus().get(current);
  }

  /** Number of the vCPU that steps unless a packet says another. */
  int resumed() {
    return resumed;
  }

  /** A vCPU is why the target has stopped. */
  void stopped(int vcpu) {
    current = vcpu;
    resumed = vcpu;
  }

  /** What a debugger calls a vCPU. */
  static String id(int vcpu) {
    return Integer.toHexString(vcpu + 1);
  }

  /**
   * The vCPU that a debugger means by a thread id.
   *
   * @throws PacketException if there is none
   */
  int vcpu(String id) {
    int number = Hex.count(id) - 1;
    if (number < 0 || number >= target.machine().vcpus().size()) {
      throw PacketException.malformed();
    }
    return number;
  }

  /** 0 is any thread, -1 all of them. */
  private String choose(String id, boolean toResume) {
    int chosen = id.equals("0") || id.equals("-1") ? current : vcpu(id);
    if (toResume) {
      resumed = chosen;
    } else {
      current = chosen;
    }
    return PacketTable.OK;
  }

  private String all() {
    return IntStream.range(0, target.machine().vcpus().size())
        .mapToObj(ThreadPackets::id)
        .collect(Collectors.joining(",", "m", ""));
  }

  private String describe(int number) {
    Vcpu cpu = target.machine().vcpus().get(number);
    String activity = cpu.activity().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return "CPU %d (%s)".formatted(number, activity);
  }
}
