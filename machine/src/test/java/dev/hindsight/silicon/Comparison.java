package dev.hindsight.silicon;

import dev.hindsight.silicon.Outcome.End;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.Mnemonic;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells how two outcomes of a case differ, leaving out what the manual leaves undefined.
 *
 * <p>Not compared at all: RF (an exception pushes it set or clear as it likes), the x87 instruction
 * and data pointers and the last opcode, which are virtual, and bits 63:32 of general registers and
 * R8 to R15 in 32-bit code, which compatibility mode need not keep.
 */
final class Comparison {
  private static final String[] GENERAL = {
    "RAX", "RCX", "RDX", "RBX", "RSP", "RBP", "RSI", "RDI",
    "R8", "R9", "R10", "R11", "R12", "R13", "R14", "R15"
  };
  private static final String[] SEGMENTS = {"ES", "CS", "SS", "DS", "FS", "GS"};

  /** CF PF AF ZF SF TF IF DF OF IOPL NT AC ID. */
  private static final long FLAGS = 0x24_7FD5;

  /** Where Linux's user addresses end. */
  private static final long USER_END = 0x7FFF_FFFF_F000L;

  private final Undefined undefined = Undefined.standard();

  /**
   * The differences.
   *
   * @return lines for people, none if the outcomes agree
   */
  List<String> differences(GeneratedCase c, Outcome host, Outcome ours) {
    List<String> found = new ArrayList<>();
    if (host.end() == End.SYSTEM_CALL
        || c.instructions().isEmpty()
            && HostExtensions.standard().mayHave(c.test().code(), c.test().mode())
        || host.end() == End.ENDLESS && ours.end() == End.ENDLESS) {
      return found;
    }
    if (host.end() != ours.end()) {
      found.add("end: host " + host.end() + ", ours " + ours.end() + exception(ours));
      return found;
    }
    // Linux hides from a process whether a page of the kernel is present
    int errorMask = Long.compareUnsigned(host.faultAddress(), USER_END) >= 0 ? ~1 : ~0;
    if (host.vector() != ours.vector()
        || (host.errorCode() & errorMask) != (ours.errorCode() & errorMask)
        || host.faultAddress() != ours.faultAddress()) {
      found.add("exception: host" + exception(host) + ", ours" + exception(ours));
    }
    Undefined.Parts parts = undefinedParts(c, host);
    general(c, host, ours, parts, found);
    if (!parts.result()) {
      floating(c, host, ours, parts, found);
      memory(c, host, ours, found);
    }
    return found;
  }

  private Undefined.Parts undefinedParts(GeneratedCase c, Outcome host) {
    if (c.instructions().isEmpty()) {
      return Undefined.Parts.NONE;
    }
    if (c.kind() != GeneratedCase.Kind.SEQUENCE) {
      Instruction in = c.instructions().getFirst();
      // a fault leaves everything as it was; what counts is whether the instruction was done
      return host.state().rip == c.test().start()
          ? Undefined.Parts.NONE
          : undefined.of(in, c.test().initial(), host.state());
    }
    int codes = 0;
    for (Instruction in : c.instructions()) {
      codes |= undefined.conditionCodes(in.mnemonic());
    }
    return new Undefined.Parts(0, codes, false);
  }

  private static String exception(Outcome o) {
    if (o.end() != End.EXCEPTION) {
      return " none";
    }
    return String.format(
        " #%d(%x)%s at %x",
        o.vector(),
        o.errorCode(),
        o.vector() == 14 ? String.format(" cr2=%x", o.faultAddress()) : "",
        o.state().rip);
  }

  private static void general(
      GeneratedCase c, Outcome host, Outcome ours, Undefined.Parts parts, List<String> found) {
    CpuState h = host.state();
    CpuState o = ours.state();
    boolean narrow = c.test().mode() == 32;
    long mask = narrow && h.selectors[1] == 0x23 ? 0xFFFF_FFFFL : -1;
    compare(found, "RIP", h.rip & mask, o.rip & mask);
    if (!parts.result()) {
      for (int i = 0; i < (narrow ? 8 : 16); i++) {
        compare(found, GENERAL[i], h.gpr[i] & mask, o.gpr[i] & mask);
      }
    }
    long flags = FLAGS & ~parts.flags();
    if (((h.rflags ^ o.rflags) & flags) != 0) {
      found.add(
          "RFLAGS: host "
              + flags(h.rflags & flags)
              + ", ours "
              + flags(o.rflags & flags)
              + ", differ in "
              + flags((h.rflags ^ o.rflags) & flags));
    }
    for (int i = 0; i < 6; i++) {
      compare(found, SEGMENTS[i], selector(i, h), selector(i, o));
    }
    if (!narrow) {
      compare(found, "FS.base", h.fsBase, o.fsBase);
      compare(found, "GS.base", h.gsBase, o.gsBase);
    }
  }

  /**
   * A selector. A null one counts as 0 whatever its low bits: the IRET that enters the runner's
   * signal handler clears it.
   */
  private static int selector(int i, CpuState s) {
    int selector = s.selectors[i];
    return i != 1 && i != 2 && selector <= 3 ? 0 : selector;
  }

  private static void floating(
      GeneratedCase c, Outcome host, Outcome ours, Undefined.Parts parts, List<String> found) {
    CpuState h = host.state();
    CpuState o = ours.state();
    Mnemonic mnemonic =
        c.instructions().size() == 1 ? c.instructions().getFirst().mnemonic() : null;
    int statusMask = 0xFFFF & ~parts.conditionCodes();
    boolean approximateX87 = mnemonic != null && Approximation.isTranscendental(mnemonic);
    if (approximateX87) {
      // C1, PE and UE: whether a result is exact, and which way it was rounded
      statusMask &= ~0x230;
      if ((c.test().initial().xsaveShort(CpuState.FCW) & 0x30) != 0x30) {
        // and so whether an unmasked one of these is pending
        statusMask &= ~0x8080;
      }
    }
    compare(found, "FCW", h.xsaveShort(CpuState.FCW), o.xsaveShort(CpuState.FCW));
    compare(
        found,
        "FSW",
        h.xsaveShort(CpuState.FSW) & statusMask,
        o.xsaveShort(CpuState.FSW) & statusMask);
    compare(found, "FTW", h.xsaveShort(CpuState.FTW), o.xsaveShort(CpuState.FTW));
    for (int i = 0; i < 8; i++) {
      int at = CpuState.ST0 + 16 * i;
      long hs = h.xsaveLong(at);
      long os = o.xsaveLong(at);
      int he = h.xsaveShort(at + 8);
      int oe = o.xsaveShort(at + 8);
      if (he != oe || hs != os) {
        if (mnemonic == null || !approximateX87 || !close(c, mnemonic, he, hs, oe, os)) {
          found.add(String.format("ST%d: host %04X_%016X, ours %04X_%016X", i, he, hs, oe, os));
        }
      }
    }
    compare(found, "MXCSR", h.xsaveInt(CpuState.MXCSR), o.xsaveInt(CpuState.MXCSR));
    for (int i = 0; i < 16; i++) {
      for (int n = 0; n < 4; n++) {
        if (h.ymm(i, n) != o.ymm(i, n)
            && !(mnemonic != null && Approximation.close(mnemonic, h.ymm(i, n), o.ymm(i, n)))) {
          compare(found, "YMM" + i + "[" + n + "]", h.ymm(i, n), o.ymm(i, n));
        }
      }
    }
  }

  private static boolean close(
      GeneratedCase c, Mnemonic m, int hostExponent, long host, int ourExponent, long ours) {
    if (Approximation.close(hostExponent, host, ourExponent, ours)) {
      return true;
    }
    CpuState s = c.test().initial();
    int exponent = s.xsaveShort(CpuState.ST0 + 8);
    boolean finite =
        (hostExponent & 0x7FFF) != 0x7FFF
            && (ourExponent & 0x7FFF) != 0x7FFF
            && (exponent & 0x7FFF) < 0x3FFF + 63;
    return finite
        && Approximation.closeForPi(
            m,
            Approximation.value(exponent, s.xsaveLong(CpuState.ST0)),
            Approximation.value(hostExponent, host),
            Approximation.value(ourExponent, ours));
  }

  private static void memory(GeneratedCase c, Outcome host, Outcome ours, List<String> found) {
    long[] ha = host.changedAddresses();
    long[] oa = ours.changedAddresses();
    int before = found.size();
    for (int i = 0, j = 0; i < ha.length || j < oa.length; ) {
      if (found.size() - before > 4) {
        found.add("…");
        return;
      }
      long hostAddress = i < ha.length ? ha[i] : Long.MAX_VALUE;
      long ourAddress = j < oa.length ? oa[j] : Long.MAX_VALUE;
      if (hostAddress < ourAddress) {
        found.add(
            String.format(
                "[%x]: host %016x, ours unchanged", hostAddress, host.changedValues()[i]));
        i++;
      } else if (ourAddress < hostAddress) {
        found.add(
            String.format("[%x]: host unchanged, ours %016x", ourAddress, ours.changedValues()[j]));
        j++;
      } else {
        if (host.changedValues()[i] != ours.changedValues()[j]) {
          found.add(
              String.format(
                  "[%x]: host %016x, ours %016x",
                  hostAddress, host.changedValues()[i], ours.changedValues()[j]));
        }
        i++;
        j++;
      }
    }
  }

  private static void compare(List<String> found, String name, long host, long ours) {
    if (host != ours) {
      found.add(String.format("%s: host %x, ours %x", name, host, ours));
    }
  }

  /** Names of the flags that are set. */
  static String flags(long rflags) {
    String[] names = {
      "CF", "1", "PF", "3", "AF", "5", "ZF", "SF", "TF", "IF", "DF", "OF", "IOPL0", "IOPL1", "NT",
      "15", "RF", "VM", "AC", "VIF", "VIP", "ID"
    };
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < names.length; i++) {
      if ((rflags >> i & 1) != 0) {
        text.append(text.length() > 1 ? " " : "").append(names[i]);
      }
    }
    return text.append('}').toString();
  }
}
