package dev.hindsight.gdb;

import static dev.hindsight.gdb.RegisterType.Bits.bit;

import dev.hindsight.cpu.CpuModel;
import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.ModelSpecificRegisters;
import dev.hindsight.cpu.SegmentRegister;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.timeline.Edit;
import dev.hindsight.timeline.VcpuRegister;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which registers there are in a mode, feature by feature. The order of those up to MXCSR is that
 * which debuggers expect of a target without a description.
 */
final class RegisterTable {
  private static final String[] LONG_NAMES = {
    "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp"
  };
  private static final int[] LONG_NUMBERS = {
    GeneralRegisters.RAX,
    GeneralRegisters.RBX,
    GeneralRegisters.RCX,
    GeneralRegisters.RDX,
    GeneralRegisters.RSI,
    GeneralRegisters.RDI,
    GeneralRegisters.RBP,
    GeneralRegisters.RSP
  };
  private static final String[] NAMES = {"eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi"};
  private static final String[] SEGMENTS = {"es", "cs", "ss", "ds", "fs", "gs"};
  private static final int[] SEGMENT_ORDER = {1, 2, 3, 0, 4, 5};
  private static final int FS = 4;
  private static final int GS = 5;
  private static final String SYSTEM = "system";

  private final boolean wide;
  private final int bits;
  private final String integer;
  private final boolean hasAvx;

  /**
   * The registers of a mode.
   *
   * @param wide whether it is IA-32e mode
   */
  RegisterTable(boolean wide, CpuModel model) {
    this.wide = wide;
    bits = wide ? 64 : 32;
    integer = wide ? "int64" : "int32";
    hasAvx = model.has(dev.hindsight.x86.Feature.AVX);
  }

  /** What GDB calls the architecture. */
  String architecture() {
    return wide ? "i386:x86-64" : "i386";
  }

  List<Feature> features() {
    List<Feature> all = new ArrayList<>();
    all.add(core());
    all.add(sse());
    if (wide) {
      all.add(segmentBases());
    }
    if (hasAvx) {
      all.add(avx());
    }
    all.add(system());
    return all;
  }

  // ---- core

  private Feature core() {
    List<Register> all = new ArrayList<>();
    if (wide) {
      for (int i = 0; i < LONG_NAMES.length; i++) {
        all.add(general(LONG_NAMES[i], LONG_NUMBERS[i]));
      }
      IntStream.range(8, 16).mapToObj(n -> general("r" + n, n)).forEach(all::add);
    } else {
      for (int i = 0; i < NAMES.length; i++) {
        all.add(general(NAMES[i], i));
      }
    }
    all.add(
        Register.number(
            wide ? "rip" : "eip",
            bits,
            "code_ptr",
            "",
            Vcpu::rip,
            VcpuRegister.RIP,
            Register.Setter.PLAIN));
    all.add(
        Register.number(
            "eflags",
            32,
            "i386_eflags",
            "",
            cpu -> cpu.flags().get(),
            VcpuRegister.RFLAGS,
            Register.Setter.PLAIN));
    for (int s : SEGMENT_ORDER) {
      all.add(Register.shown(SEGMENTS[s], 32, "int32", "", cpu -> cpu.segment(s).selector()));
    }
    X87Access.addTo(all);
    return new Feature("org.gnu.gdb.i386.core", List.of(eflags()), all);
  }

  private Register general(String name, int number) {
    boolean pointer = number == GeneralRegisters.RSP || number == GeneralRegisters.RBP;
    return Register.number(
        name,
        bits,
        pointer ? "data_ptr" : integer,
        "",
        cpu -> cpu.general().get64(number),
        VcpuRegister.general(number),
        Register.Setter.PLAIN);
  }

  private static RegisterType eflags() {
    return new RegisterType.Flags(
        "i386_eflags",
        4,
        List.of(
            bit("CF", 0),
            bit("", 1),
            bit("PF", 2),
            bit("AF", 4),
            bit("ZF", 6),
            bit("SF", 7),
            bit("TF", 8),
            bit("IF", 9),
            bit("DF", 10),
            bit("OF", 11),
            new RegisterType.Bits("IOPL", 12, 13),
            bit("NT", 14),
            bit("RF", 16),
            bit("VM", 17),
            bit("AC", 18),
            bit("VIF", 19),
            bit("VIP", 20),
            bit("ID", 21)));
  }

  // ---- vectors

  private int vectors() {
    return wide ? 16 : 8;
  }

  private Feature sse() {
    List<Register> all = new ArrayList<>();
    for (int n = 0; n < vectors(); n++) {
      all.add(vectorHalf("xmm" + n, "vec128", n, 0));
    }
    all.add(
        Register.number(
            "mxcsr",
            32,
            "i386_mxcsr",
            "vector",
            cpu -> cpu.vectors().mxcsr(),
            VcpuRegister.MXCSR,
            Register.Setter.PLAIN));
    return new Feature("org.gnu.gdb.i386.sse", vectorTypes(), all);
  }

  private static Register vectorHalf(String name, String type, int register, int first) {
    return new Register(
        name,
        128,
        type,
        "",
        (cpu, out) ->
            out.putLong(cpu.vectors().get(register, first))
                .putLong(cpu.vectors().get(register, first + 1)),
        (cpu, in) ->
            List.of(
                new Edit.Register(cpu.index(), VcpuRegister.vector(register, first), in.getLong()),
                new Edit.Register(
                    cpu.index(), VcpuRegister.vector(register, first + 1), in.getLong())));
  }

  private static List<RegisterType> vectorTypes() {
    return List.of(
        new RegisterType.Vector("v4f", "ieee_single", 4),
        new RegisterType.Vector("v2d", "ieee_double", 2),
        new RegisterType.Vector("v16i8", "int8", 16),
        new RegisterType.Vector("v8i16", "int16", 8),
        new RegisterType.Vector("v4i32", "int32", 4),
        new RegisterType.Vector("v2i64", "int64", 2),
        new RegisterType.Union(
            "vec128",
            List.of(
                new RegisterType.Member("v4_float", "v4f"),
                new RegisterType.Member("v2_double", "v2d"),
                new RegisterType.Member("v16_int8", "v16i8"),
                new RegisterType.Member("v8_int16", "v8i16"),
                new RegisterType.Member("v4_int32", "v4i32"),
                new RegisterType.Member("v2_int64", "v2i64"),
                new RegisterType.Member("uint128", "uint128"))),
        new RegisterType.Flags(
            "i386_mxcsr",
            4,
            List.of(
                bit("IE", 0),
                bit("DE", 1),
                bit("ZE", 2),
                bit("OE", 3),
                bit("UE", 4),
                bit("PE", 5),
                bit("DAZ", 6),
                bit("IM", 7),
                bit("DM", 8),
                bit("ZM", 9),
                bit("OM", 10),
                bit("UM", 11),
                bit("PM", 12),
                bit("FZ", 15))));
  }

  private Feature avx() {
    return new Feature(
        "org.gnu.gdb.i386.avx",
        List.of(),
        IntStream.range(0, vectors())
            .mapToObj(n -> vectorHalf("ymm" + n + "h", "uint128", n, 2))
            .toList());
  }

  // ---- system

  private static Feature segmentBases() {
    return new Feature(
        "org.gnu.gdb.i386.segments", List.of(), List.of(writableBase(FS), writableBase(GS)));
  }

  private static Register writableBase(int segment) {
    return Register.number(
        SEGMENTS[segment] + "_base",
        64,
        "int",
        "",
        cpu -> cpu.segment(segment).base(),
        segment == FS ? VcpuRegister.FS_BASE : VcpuRegister.GS_BASE,
        Register.Setter.PLAIN);
  }

  private Feature system() {
    List<Register> all = new ArrayList<>();
    for (int s : SEGMENT_ORDER) {
      if (!wide || s < FS) {
        all.add(word(SEGMENTS[s] + "_base", cpu -> cpu.segment(s).base()));
      }
    }
    if (wide) {
      all.add(word("k_gs_base", cpu -> cpu.msrs().get(ModelSpecificRegisters.KERNEL_GS_BASE)));
    }
    all.add(control("cr0", "i386_cr0", cpu -> cpu.control().cr0()));
    all.add(word("cr2", cpu -> cpu.control().cr2()));
    all.add(word("cr3", cpu -> cpu.control().cr3()));
    all.add(control("cr4", "i386_cr4", cpu -> cpu.control().cr4()));
    if (wide) {
      all.add(word("cr8", cpu -> cpu.interrupts().taskPriority()));
    }
    all.add(control("efer", "i386_efer", cpu -> cpu.control().efer()));
    all.add(word("gdtr_base", cpu -> cpu.gdtr().base()));
    all.add(word("gdtr_limit", cpu -> cpu.gdtr().limit()));
    all.add(word("idtr_base", cpu -> cpu.idtr().base()));
    all.add(word("idtr_limit", cpu -> cpu.idtr().limit()));
    addTable(all, "ldtr", Vcpu::ldtr);
    addTable(all, "tr", Vcpu::tr);
    for (int n = 0; n < 4; n++) {
      int dr = n;
      all.add(word("dr" + n, cpu -> cpu.debug().address(dr)));
    }
    all.add(word("dr6", cpu -> cpu.debug().dr6() & 0xFFFF_FFFFL));
    all.add(word("dr7", cpu -> cpu.debug().dr7() & 0xFFFF_FFFFL));
    return new Feature("dev.hindsight.i386.system", systemTypes(), all);
  }

  private interface Table {
    SegmentRegister of(Vcpu cpu);
  }

  private void addTable(List<Register> all, String name, Table table) {
    all.add(word(name, cpu -> table.of(cpu).selector()));
    all.add(word(name + "_base", cpu -> table.of(cpu).base()));
  }

  private Register word(String name, Register.Getter getter) {
    return Register.shown(name, bits, integer, SYSTEM, getter);
  }

  private static Register control(String name, String type, Register.Getter getter) {
    return Register.shown(name, 32, type, SYSTEM, getter);
  }

  private static List<RegisterType> systemTypes() {
    return List.of(
        new RegisterType.Flags(
            "i386_cr0",
            4,
            List.of(
                bit("PE", 0),
                bit("MP", 1),
                bit("EM", 2),
                bit("TS", 3),
                bit("ET", 4),
                bit("NE", 5),
                bit("WP", 16),
                bit("AM", 18),
                bit("NW", 29),
                bit("CD", 30),
                bit("PG", 31))),
        new RegisterType.Flags(
            "i386_cr4",
            4,
            List.of(
                bit("VME", 0),
                bit("PVI", 1),
                bit("TSD", 2),
                bit("DE", 3),
                bit("PSE", 4),
                bit("PAE", 5),
                bit("MCE", 6),
                bit("PGE", 7),
                bit("PCE", 8),
                bit("OSFXSR", 9),
                bit("OSXMMEXCPT", 10),
                bit("UMIP", 11),
                bit("FSGSBASE", 16),
                bit("PCIDE", 17),
                bit("OSXSAVE", 18),
                bit("SMEP", 20),
                bit("SMAP", 21),
                bit("PKE", 22))),
        new RegisterType.Flags(
            "i386_efer", 4, List.of(bit("SCE", 0), bit("LME", 8), bit("LMA", 10), bit("NXE", 11))));
  }
}
