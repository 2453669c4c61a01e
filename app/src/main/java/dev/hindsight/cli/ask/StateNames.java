package dev.hindsight.cli.ask;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names that people know for fields of a vCPU's saved state. */
final class StateNames {
  private static final Pattern VCPU = Pattern.compile("(cpu\\d+)\\.([a-z]+)\\[(\\d+)](.*)");
  private static final List<String> SEGMENTS =
      List.of("ES", "CS", "SS", "DS", "FS", "GS", "LDTR", "TR");
  private static final List<String> CONTROL =
      List.of(
          "CR0", "CR2", "CR3", "CR4", "EFER", "XCR0", "PKRU", "PDPTE0", "PDPTE1", "PDPTE2",
          "PDPTE3");
  private static final List<String> DEBUG =
      List.of("DR0", "DR1", "DR2", "DR3", "DR6", "DR7", "waiting trap");
  private static final int QUADWORDS = 4;
  private static final int BITS = 64;

  private StateNames() {}

  /** The path of a field, with the name of the register if it is one. */
  static String of(String path) {
    Matcher m = VCPU.matcher(path);
    if (!m.matches()) {
      return path.replaceFirst("^(cpu\\d+)\\.rip$", "$1 RIP")
          .replaceFirst("^(cpu\\d+)\\.flags$", "$1 RFLAGS")
          .replaceFirst("^(cpu\\d+)\\.mxcsr$", "$1 MXCSR")
          .replaceFirst("^(cpu\\d+)\\.gdtr\\b", "$1 GDTR")
          .replaceFirst("^(cpu\\d+)\\.idtr\\b", "$1 IDTR");
    }
    int n = Integer.parseInt(m.group(3));
    String register =
        switch (m.group(2)) {
          case "general" -> name(RegisterDump.NAMES, n);
          case "segments" -> name(SEGMENTS, n);
          case "control" -> name(CONTROL, n);
          case "debug" -> name(DEBUG, n);
          case "vectors" -> {
            int low = n % QUADWORDS * BITS;
            yield "YMM%d[%d:%d]".formatted(n / QUADWORDS, low + BITS - 1, low);
          }
          default -> "";
        };
    return register.isEmpty() ? path : m.group(1) + " " + register + m.group(4);
  }

  private static String name(List<String> names, int n) {
    return n < names.size() ? names.get(n) : "";
  }
}
