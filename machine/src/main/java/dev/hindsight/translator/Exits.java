package dev.hindsight.translator;

import dev.hindsight.bus.WriteGuard;
import dev.hindsight.cpu.paging.Tlb;
import dev.hindsight.x86.ConditionCode;

/**
 * The ways into emitted code and out of it, which all blocks of a code memory share.
 *
 * <p>The entry is a function of the host's calling convention: the first argument is the {@link
 * EngineArea}'s pointer, the second where to go. Emitted code jumps to an exit, with where to come
 * back in {@link HostRegister#TEMPORARY}; that stores the registers and returns from the entry.
 */
final class Exits {
  private static final int[] CALLEE_SAVED = {
    HostRegister.RBX,
    HostRegister.RBP,
    HostRegister.R12,
    HostRegister.R13,
    HostRegister.R14,
    HostRegister.R15
  };

  private static final Opcode LDMXCSR = Opcode.of0F(0xAE);

  /** FXSAVE (/0) and FXRSTOR (/1). */
  private static final Opcode FXSAVE = Opcode.of0F(0xAE);

  /** FLDCW (/5) and FNSTCW (/7). */
  private static final Opcode CONTROL_WORD = Opcode.of(0xD9);

  private static final Opcode VECTOR_LOAD = new Opcode(0, 1, 0x10);
  private static final Opcode VECTOR_STORE = new Opcode(0, 1, 0x11);
  private static final int VECTORS = 16;

  /** Logarithm of the bytes of the widest access of which guards are asked. */
  private static final int MOST_GUARDED_LOG2 = 5;

  private static final int CMP = 7;

  private final long[] kinds = new long[ExitKind.values().length];
  private final long[] guardLookUps = new long[MOST_GUARDED_LOG2 + 1];
  private long entry;
  private long stackLookUp;

  /** Emits them into a code memory that has nothing else in it yet. */
  void emit(CodeMemory memory, HostEmitter out) {
    entry = memory.next();
    out.begin(entry);
    emitEntry(out);
    memory.add(out.code(), out.offset());
    long common = memory.next();
    out.begin(common);
    emitExit(out);
    memory.add(out.code(), out.offset());
    for (int log2 = 0; log2 <= MOST_GUARDED_LOG2; log2++) {
      guardLookUps[log2] = memory.next();
      out.begin(memory.next());
      emitGuardLookUp(out, 1 << log2);
      memory.add(out.code(), out.offset());
    }
    stackLookUp = memory.next();
    out.begin(stackLookUp);
    emitStackLookUp(out);
    memory.add(out.code(), out.offset());
    for (ExitKind kind : ExitKind.values()) {
      kinds[kind.ordinal()] = memory.next();
      out.begin(memory.next());
      out.storeInt(HostRegister.AREA, EngineArea.EXIT_KIND, kind.ordinal());
      out.jump(common);
      memory.add(out.code(), out.offset());
    }
  }

  /**
   * Address of what looks for the page that the stack pointer leads to. It is called with the
   * distance of the linear address from the last page in {@link HostRegister#ADDRESS}, and returns
   * with the host address there and CF clear, or with CF set and the linear address in {@link
   * EngineArea#LINEAR}.
   */
  long stackLookUp() {
    return stackLookUp;
  }

  /** Whether guards are asked for writes of so many bytes. */
  static boolean asksGuards(int bytes) {
    return Integer.bitCount(bytes) == 1 && bytes <= 1 << MOST_GUARDED_LOG2;
  }

  /**
   * What looks whether a page with code may be written where that has none. Called with a linear
   * address in {@link HostRegister#ADDRESS} and the TLB's entry in {@link HostRegister#TEMPORARY},
   * it returns with CF clear and the host address there, or with CF set; the linear address is in
   * {@link EngineArea#LINEAR} then, and {@link SlowPaths#CODE} in {@link EngineArea#ACCESS} if
   * there is code.
   *
   * @param bytes for which guards {@linkplain #asksGuards are asked}
   */
  long guardLookUp(int bytes) {
    return guardLookUps[Integer.numberOfTrailingZeros(bytes)];
  }

  /** Address of the entry. */
  long entry() {
    return entry;
  }

  /** Emits the way to an exit; the code behind it is where one comes back. */
  void emit(HostEmitter out, ExitKind kind, int info) {
    out.storeInt(HostRegister.AREA, EngineArea.EXIT_INFO, info);
    // no CALL: the host predicts that each is followed by its RET
    out.leaAhead(HostRegister.TEMPORARY, HostEmitter.JUMP_BYTES);
    out.jump(kinds[kind.ordinal()]);
  }

  private static void emitEntry(HostEmitter out) {
    for (int register : CALLEE_SAVED) {
      out.pushRegister(register);
    }
    out.move(HostRegister.AREA, HostRegister.RDI);
    out.move(HostRegister.TEMPORARY, HostRegister.RSI);
    int noX87 = emitUnless(out, Units.X87);
    out.memory(CONTROL_WORD, 0, 7, HostRegister.AREA, EngineArea.HOST_CONTROL, false);
    // the image has an MXCSR and vector registers too
    out.memory(LDMXCSR, 0, 3, HostRegister.AREA, EngineArea.X87_MXCSR, false);
    out.memory(FXSAVE, 1, 1, HostRegister.AREA, EngineArea.X87, false);
    out.bindHere(noX87);
    int none = emitUnless(out, Units.AVX);
    out.memory(LDMXCSR, 0, 3, HostRegister.AREA, EngineArea.HOST_MXCSR, false);
    out.memory(LDMXCSR, 0, 2, HostRegister.AREA, EngineArea.GUEST_MXCSR, false);
    for (int n = 0; n < VECTORS; n++) {
      out.vexMemory(VECTOR_LOAD, 0, 1, n, 0, HostRegister.AREA, EngineArea.vector(n));
    }
    out.bindHere(none);
    for (int guest = 0; guest < 16; guest++) {
      if (RegisterMap.host(guest) != RegisterMap.NONE) {
        out.load(RegisterMap.host(guest), HostRegister.AREA, EngineArea.general(guest));
      }
    }
    out.load(HostRegister.BUDGET, HostRegister.AREA, EngineArea.BUDGET);
    out.load(HostRegister.FLAGS, HostRegister.AREA, EngineArea.FLAGS);
    out.jumpRegister(HostRegister.TEMPORARY);
  }

  private static void emitExit(HostEmitter out) {
    out.store(HostRegister.AREA, EngineArea.RESUME, HostRegister.TEMPORARY);
    for (int guest = 0; guest < 16; guest++) {
      if (RegisterMap.host(guest) != RegisterMap.NONE) {
        out.store(HostRegister.AREA, EngineArea.general(guest), RegisterMap.host(guest));
      }
    }
    out.store(HostRegister.AREA, EngineArea.BUDGET, HostRegister.BUDGET);
    out.store(HostRegister.AREA, EngineArea.FLAGS, HostRegister.FLAGS);
    int none = emitUnless(out, Units.AVX);
    for (int n = 0; n < VECTORS; n++) {
      out.vexMemory(VECTOR_STORE, 0, 1, n, 0, HostRegister.AREA, EngineArea.vector(n));
    }
    out.memory(LDMXCSR, 0, 3, HostRegister.AREA, EngineArea.GUEST_MXCSR, false);
    out.memory(LDMXCSR, 0, 2, HostRegister.AREA, EngineArea.HOST_MXCSR, false);
    out.byte1(0xC5); // VZEROUPPER
    out.byte1(0xF8);
    out.byte1(0x77);
    out.bindHere(none);
    int noX87 = emitUnless(out, Units.X87);
    out.memory(FXSAVE, 1, 0, HostRegister.AREA, EngineArea.X87, false);
    out.byte1(0xDB); // FNINIT
    out.byte1(0xE3);
    out.memory(CONTROL_WORD, 0, 5, HostRegister.AREA, EngineArea.HOST_CONTROL, false);
    out.bindHere(noX87);
    for (int i = CALLEE_SAVED.length - 1; i >= 0; i--) {
      out.popRegister(CALLEE_SAVED[i]);
    }
    out.byte1(0xC3); // RET
  }

  private void emitStackLookUp(HostEmitter out) {
    int address = HostRegister.ADDRESS;
    int entry = HostRegister.TEMPORARY;
    int area = HostRegister.AREA;
    int last = MemoryAccess.PAGE_BYTES - MemoryAccess.STACK_BYTES;
    out.memory(Opcode.ADD, 1, address, area, EngineArea.STACK_TAG, false);
    out.store(area, EngineArea.LINEAR, address);
    MemoryAccess.lookUp(out, address);
    out.memory(Opcode.SUB, 1, address, entry, Tlb.WRITE_TAG, false);
    out.arithmetic(CMP, 1, address, last);
    int notWritable = out.jumpIf(ConditionCode.A);
    out.store(area, EngineArea.SCRATCH3, address);
    out.load(address, entry, Tlb.WRITE_TAG);
    out.store(area, EngineArea.STACK_TAG, address);
    out.load(entry, entry, Tlb.WRITE_HOST);
    out.store(area, EngineArea.STACK_HOST, entry);
    out.storeInt(area, EngineArea.STACK_LIMIT, last + 1);
    out.load(address, area, EngineArea.SCRATCH3);
    out.register(Opcode.ADD, 1, address, entry, false);
    out.byte1(0xF8); // CLC
    out.byte1(0xC3); // RET
    out.bindHere(notWritable);
    out.load(address, area, EngineArea.LINEAR);
    out.memory(Opcode.GROUP3, 0, 0, area, EngineArea.ACCESS, false); // TEST dword, imm32
    out.int4(SlowPaths.WRITE);
    int reads = out.jumpIf(ConditionCode.E);
    out.jump(guardLookUp(MemoryAccess.STACK_BYTES));
    out.bindHere(reads);
    out.memory(Opcode.SUB, 1, address, entry, Tlb.READ_TAG, false);
    out.arithmetic(CMP, 1, address, last);
    int unreadable = out.jumpIf(ConditionCode.A);
    out.memory(Opcode.ADD, 1, address, entry, Tlb.READ_HOST, false);
    out.byte1(0xF8); // CLC
    out.byte1(0xC3); // RET
    out.bindHere(unreadable);
    out.byte1(0xF9); // STC
    out.byte1(0xC3); // RET
  }

  private static void emitGuardLookUp(HostEmitter out, int bytes) {
    int address = HostRegister.ADDRESS;
    int guard = HostRegister.TEMPORARY;
    int area = HostRegister.AREA;
    out.store(area, EngineArea.LINEAR, address);
    out.memory(Opcode.XOR, 1, address, guard, Tlb.WRITE_TAG, false);
    out.arithmetic(6, 1, address, Tlb.GUARDED);
    out.arithmetic(CMP, 1, address, MemoryAccess.PAGE_BYTES - bytes);
    int other = out.jumpIf(ConditionCode.A);
    out.load(guard, guard, Tlb.WRITE_HOST);
    int[] code = new int[Math.max(1, bytes / Long.BYTES)];
    for (int i = 0; i < code.length; i++) {
      if (bytes == 2) {
        out.byte1(0x66);
      }
      // CMP with an immediate byte
      out.indexed(
          Opcode.of(bytes == 1 ? 0x80 : 0x83),
          bytes >= Long.BYTES ? 1 : 0,
          CMP,
          guard,
          address,
          0,
          Long.BYTES * i);
      out.byte1(0);
      code[i] = out.jumpIf(ConditionCode.NE);
    }
    out.memory(Opcode.ADD, 1, address, guard, WriteGuard.HOST, false);
    out.byte1(0xF8); // CLC
    out.byte1(0xC3); // RET
    for (int field : code) {
      out.bindHere(field);
    }
    out.memory(Opcode.GROUP1, 0, 1, area, EngineArea.ACCESS, false); // OR dword, imm32
    out.int4(SlowPaths.CODE);
    out.bindHere(other);
    out.byte1(0xF9); // STC
    out.byte1(0xC3); // RET
  }

  /** A jump that is taken unless one of a set of units has been loaded. */
  private static int emitUnless(HostEmitter out, int units) {
    Units.test(out, units);
    return out.jumpIf(ConditionCode.E);
  }
}
