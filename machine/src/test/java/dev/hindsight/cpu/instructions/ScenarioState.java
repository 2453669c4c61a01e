package dev.hindsight.cpu.instructions;

import dev.hindsight.cpu.Activity;
import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.Operands;
import dev.hindsight.cpu.SegmentRegister;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.x86.Register;
import dev.hindsight.x86.RegisterKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The state of a {@link ScenarioMachine} by names:
 *
 * <ul>
 *   <li>{@code rax}, {@code ah}, {@code r9d}… general registers, {@code rip};
 *   <li>{@code cf}, {@code tf}, {@code vif}… flags, {@code iopl}, {@code cpl};
 *   <li>{@code cr0}, {@code cr2}, {@code cr3}, {@code cr4}, {@code cr8}, {@code efer}, {@code
 *       xcr0}, {@code pkru}, {@code dr0} to {@code dr7};
 *   <li>{@code cs.sel}, {@code fs.base}, {@code ss.limit}, {@code ds.access}, {@code cs.flags},
 *       also of {@code ldtr} and {@code tr}; {@code gdtr.base}, {@code idtr.limit};
 *   <li>{@code m4:4000} four bytes of memory at 0x4000; {@code port} and {@code out}, the last port
 *       written and what to;
 *   <li>{@code halted}, {@code shadow}; {@code mxcsr}, {@code xmm1.0}, {@code fcw}, {@code fsw},
 *       {@code fempty}, {@code st2.m}, {@code st2.e};
 *   <li>{@code msr:c0000082}; {@code tick}, the time; {@code monitored}, the line of MONITOR.
 * </ul>
 */
final class ScenarioState {
  private static final Map<String, Integer> FLAGS = new HashMap<>();

  static {
    FLAGS.put("tf", Flags.TF);
    FLAGS.put("if", Flags.IF);
    FLAGS.put("df", Flags.DF);
    FLAGS.put("nt", Flags.NT);
    FLAGS.put("rf", Flags.RF);
    FLAGS.put("vm", Flags.VM);
    FLAGS.put("ac", Flags.AC);
    FLAGS.put("vif", Flags.VIF);
    FLAGS.put("vip", Flags.VIP);
    FLAGS.put("id", Flags.ID);
  }

  private static final Map<String, Integer> ARITHMETIC =
      Map.of(
          "cf", Flags.CF, "pf", Flags.PF, "af", Flags.AF, "zf", Flags.ZF, "sf", Flags.SF, "of",
          Flags.OF);

  private static final Pattern MEMORY = Pattern.compile("m[1248]:.*");

  private static final List<String> SEGMENTS = List.of("es", "cs", "ss", "ds", "fs", "gs");

  /** What a scenario that does not mention it demands to be unchanged. */
  static final List<String> WATCHED = watched();

  private final ScenarioMachine machine;
  private final Vcpu cpu;

  ScenarioState(ScenarioMachine machine) {
    this.machine = machine;
    this.cpu = machine.cpu();
  }

  private static List<String> watched() {
    List<String> names = new ArrayList<>();
    for (int n = 0; n < 16; n++) {
      names.add(Register.general(n, 64).name().toLowerCase(Locale.ROOT));
    }
    names.addAll(List.of("cf", "pf", "af", "zf", "sf", "of", "iopl", "cpl"));
    names.addAll(FLAGS.keySet().stream().sorted().toList());
    names.addAll(List.of("cr0", "cr2", "cr3", "cr4", "cr8", "efer", "xcr0", "pkru"));
    for (int n = 0; n < 8; n++) {
      if (n < 4 || n > 5) {
        names.add("dr" + n);
      }
    }
    for (String s : List.of("es", "cs", "ss", "ds", "fs", "gs", "ldtr", "tr")) {
      names.addAll(List.of(s + ".sel", s + ".base", s + ".limit", s + ".access", s + ".flags"));
    }
    names.addAll(List.of("gdtr.base", "gdtr.limit", "idtr.base", "idtr.limit"));
    for (String msr :
        List.of("3b", "174", "175", "176", "1a0", "200", "201", "250", "277", "2ff")) {
      names.add("msr:" + msr);
    }
    for (String msr : List.of("81", "82", "83", "84", "102", "103")) {
      names.add("msr:c0000" + "0".repeat(3 - msr.length()) + msr);
    }
    names.addAll(List.of("halted", "shadow", "port", "out", "mxcsr", "fcw", "fsw", "fempty"));
    return List.copyOf(names);
  }

  long get(String name) {
    if (MEMORY.matcher(name).matches()) {
      return machine.memory().read(address(name), size(name));
    }
    if (name.startsWith("msr:")) {
      return cpu.msrs().get(msr(name));
    }
    Integer flag = FLAGS.get(name);
    if (flag != null) {
      return cpu.flags().is(flag) ? 1 : 0;
    }
    Integer arithmetic = ARITHMETIC.get(name);
    if (arithmetic != null) {
      return (cpu.flags().arithmetic() & arithmetic) != 0 ? 1 : 0;
    }
    int dot = name.indexOf('.');
    if (dot > 0) {
      return getPart(name.substring(0, dot), name.substring(dot + 1));
    }
    ControlRegisters c = cpu.control();
    return switch (name) {
      case "rip" -> cpu.rip();
      case "iopl" -> cpu.flags().iopl();
      case "cpl" -> cpu.cpl();
      case "cr0" -> c.cr0() & 0xFFFF_FFFFL;
      case "cr2" -> c.cr2();
      case "cr3" -> c.cr3();
      case "cr4" -> c.cr4();
      case "cr8" -> cpu.interrupts().taskPriority();
      case "efer" -> c.efer();
      case "xcr0" -> c.xcr0();
      case "pkru" -> c.pkru() & 0xFFFF_FFFFL;
      case "dr0", "dr1", "dr2", "dr3" -> cpu.debug().address(name.charAt(2) - '0');
      case "dr6" -> cpu.debug().dr6() & 0xFFFF_FFFFL;
      case "dr7" -> cpu.debug().dr7() & 0xFFFF_FFFFL;
      case "halted" -> cpu.activity() == Activity.HALTED ? 1 : 0;
      case "shadow" -> cpu.events().interruptShadow() ? 1 : 0;
      case "port" -> machine.ports().port & 0xFFFF_FFFFL;
      case "out" -> machine.ports().value & 0xFFFF_FFFFL;
      case "mxcsr" -> cpu.vectors().mxcsr() & 0xFFFF_FFFFL;
      case "fcw" -> cpu.x87().control();
      case "fsw" -> cpu.x87().status();
      case "fempty" -> cpu.x87().emptyMask();
      case "tick" -> cpu.tick();
      case "monitored" -> cpu.save().monitoredLine();
      default -> Operands.readRegister(cpu, Register.valueOf(name.toUpperCase(Locale.ROOT)));
    };
  }

  void set(String name, long value) {
    if (MEMORY.matcher(name).matches()) {
      machine.memory().write(address(name), size(name), value);
      return;
    }
    if (name.startsWith("msr:")) {
      cpu.msrs().set(msr(name), value);
      return;
    }
    Integer flag = FLAGS.get(name);
    if (flag != null) {
      cpu.flags().put(flag, value != 0);
      return;
    }
    Integer arithmetic = ARITHMETIC.get(name);
    if (arithmetic != null) {
      int rest = cpu.flags().arithmetic() & ~arithmetic;
      cpu.flags().arithmetic(value != 0 ? rest | arithmetic : rest);
      return;
    }
    int dot = name.indexOf('.');
    if (dot > 0) {
      setPart(name.substring(0, dot), name.substring(dot + 1), value);
      return;
    }
    ControlRegisters c = cpu.control();
    switch (name) {
      case "rip" -> cpu.rip(value);
      case "iopl" -> cpu.flags().set((cpu.flags().get() & ~Flags.IOPL) | (int) value << 12);
      case "cpl" -> cpu.cpl((int) value);
      case "cr0" -> c.cr0((int) value);
      case "cr2" -> c.cr2(value);
      case "cr3" -> c.cr3(value);
      case "cr4" -> c.cr4((int) value);
      case "cr8" -> cpu.interrupts().taskPriority((int) value);
      case "efer" -> c.efer((int) value);
      case "xcr0" -> c.xcr0(value);
      case "pkru" -> c.pkru((int) value);
      case "dr0", "dr1", "dr2", "dr3" -> cpu.debug().address(name.charAt(2) - '0', value);
      case "dr6" -> cpu.debug().dr6((int) value);
      case "dr7" -> cpu.debug().dr7((int) value);
      case "mxcsr" -> cpu.vectors().mxcsr((int) value);
      case "fcw" -> cpu.x87().control((int) value);
      case "fsw" -> cpu.x87().status((int) value);
      case "fempty" -> cpu.x87().emptyMask((int) value);
      case "tick" -> cpu.tick(value);
      case "monitored" -> cpu.addressMonitor().arm(value);
      default ->
          Operands.writeRegister(cpu, Register.valueOf(name.toUpperCase(Locale.ROOT)), value);
    }
  }

  /** Whether a register of 16 or 8 bits is meant, or one that cannot be watched as a whole. */
  static String whole(String name) {
    try {
      Register r = Register.valueOf(name.toUpperCase(Locale.ROOT));
      if (r.kind() == RegisterKind.GENERAL || r.kind() == RegisterKind.HIGH_BYTE) {
        return Register.general(r.number(), 64).name().toLowerCase(Locale.ROOT);
      }
    } catch (IllegalArgumentException e) {
      return name;
    }
    return name;
  }

  private long getPart(String name, String part) {
    if (name.startsWith("xmm")) {
      return cpu.vectors().get(Integer.parseInt(name.substring(3)), Integer.parseInt(part));
    }
    if (name.startsWith("st")) {
      int n = Integer.parseInt(name.substring(2));
      return part.equals("m") ? cpu.x87().significand(n) : cpu.x87().signExponent(n);
    }
    if (name.equals("gdtr") || name.equals("idtr")) {
      var table = name.equals("gdtr") ? cpu.gdtr() : cpu.idtr();
      return part.equals("base") ? table.base() : table.limit();
    }
    SegmentRegister s = segment(name);
    return switch (part) {
      case "sel" -> s.selector();
      case "base" -> s.base();
      case "limit" -> s.limit();
      case "access" -> s.access();
      case "flags" -> s.flags();
      default -> throw new IllegalArgumentException(name + "." + part);
    };
  }

  private void setPart(String name, String part, long value) {
    if (name.startsWith("xmm")) {
      cpu.vectors().set(Integer.parseInt(name.substring(3)), Integer.parseInt(part), value);
      return;
    }
    if (name.startsWith("st")) {
      int n = Integer.parseInt(name.substring(2));
      boolean mantissa = part.equals("m");
      cpu.x87()
          .set(
              n,
              mantissa ? cpu.x87().signExponent(n) : (int) value,
              mantissa ? value : cpu.x87().significand(n));
      return;
    }
    if (name.equals("gdtr") || name.equals("idtr")) {
      var table = name.equals("gdtr") ? cpu.gdtr() : cpu.idtr();
      boolean base = part.equals("base");
      table.set(base ? value : table.base(), base ? table.limit() : (int) value);
      return;
    }
    SegmentRegister s = segment(name);
    switch (part) {
      case "sel" -> s.selector((int) value);
      case "base" -> s.base(value);
      case "limit" -> s.limit(value);
      case "access" -> s.access((int) value);
      case "flags" -> s.set(s.selector(), s.base(), s.limit(), s.access(), (int) value);
      default -> throw new IllegalArgumentException(name + "." + part);
    }
  }

  private SegmentRegister segment(String name) {
    return switch (name) {
      case "ldtr" -> cpu.ldtr();
      case "tr" -> cpu.tr();
      default -> cpu.segment(SEGMENTS.indexOf(name));
    };
  }

  private static int msr(String name) {
    return Integer.parseUnsignedInt(name.substring(4), 16);
  }

  private static int size(String name) {
    return name.charAt(1) - '0';
  }

  private static long address(String name) {
    return Long.parseUnsignedLong(name.substring(3), 16);
  }
}
