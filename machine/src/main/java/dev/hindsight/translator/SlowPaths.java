package dev.hindsight.translator;

import dev.hindsight.cpu.paging.Tlb;
import dev.hindsight.x86.ConditionCode;
import java.util.ArrayList;
import java.util.List;

/**
 * Code of a block that is seldom executed, and stands behind it: what leaves the block in the
 * middle of an instruction, and how one comes back.
 *
 * <p>Each leads to an exit. Where one comes back to are two jumps, {@link #DONE} bytes apart: the
 * first tries the instruction again, the second goes on behind it.
 */
final class SlowPaths {
  /** Bytes from where one comes back to what goes on behind the instruction. */
  static final int DONE = 5;

  /** In {@link EngineArea#ACCESS}: the access is a write. */
  static final int WRITE = 1 << 16;

  /** In {@link EngineArea#ACCESS}: an address that is no multiple of the size faults. */
  static final int ALIGNED = 1 << 17;

  /** In {@link EngineArea#ACCESS}: the access is a write to a page with code, and to code there. */
  static final int CODE = 1 << 18;

  private static final int NONE = -1;

  private final HostEmitter out;
  private final FlagTracker flags;
  private final Exits exits;
  private final List<Path> paths = new ArrayList<>();
  private int open;

  /** A path; {@code access} is what {@link EngineArea#ACCESS} says, or NONE. */
  private static final class Path {
    private final int info;
    private final int field;
    private final int access;
    private final int retry;
    private int found = NONE;
    private int beside = NONE;
    private int done;
    private boolean flagsInHost;

    Path(int info, int field, int access, int retry) {
      this.info = info;
      this.field = field;
      this.access = access;
      this.retry = retry;
    }
  }

  SlowPaths(HostEmitter out, FlagTracker flags, Exits exits) {
    this.out = out;
    this.flags = flags;
    this.exits = exits;
  }

  void begin() {
    paths.clear();
    open = 0;
  }

  /**
   * An access does not find what it needs in the TLB. {@link HostRegister#ADDRESS} is the linear
   * address less the tag in the entry at {@link HostRegister#TEMPORARY}.
   *
   * @param field of the jump that leads there
   * @param retry offset at which the instruction begins anew, with flags in the register
   */
  void access(int info, int field, int bytes, boolean write, boolean aligned, int retry) {
    int access = bytes | (write ? WRITE : 0) | (aligned ? ALIGNED : 0);
    paths.add(new Path(info, field, access, retry));
  }

  /**
   * The same for an access that is complete once its host address is known: it can be a write
   * beside code.
   *
   * @param found offset at which the instruction goes on with a host address
   */
  void access(
      int info, int field, int bytes, boolean write, boolean aligned, int retry, int found) {
    access(info, field, bytes, write, aligned, retry);
    paths.getLast().beside = write && Exits.asksGuards(bytes) ? found : NONE;
  }

  /**
   * An access by the stack pointer is to another page than the last one, or near its end. {@link
   * HostRegister#ADDRESS} is the distance from the last one.
   *
   * @param found offset at which the instruction goes on with a host address
   */
  void stack(int info, int field, int bytes, boolean write, int retry, int found) {
    Path path = new Path(info, field, bytes | (write ? WRITE : 0), retry);
    path.found = found;
    paths.add(path);
  }

  /** The interpreter must execute the instruction. */
  void interpret(int info, int field) {
    paths.add(new Path(info, field, NONE, NONE));
  }

  /** The instruction being emitted is complete: its paths come back here. */
  void instructionEnds() {
    for (; open < paths.size(); open++) {
      Path path = paths.get(open);
      path.done = out.offset();
      path.flagsInHost = flags.inHost();
    }
  }

  /** Emits all of them. */
  void emit() {
    for (Path path : paths) {
      out.bindHere(path.field);
      if (path.access == NONE) {
        exits.emit(out, ExitKind.INTERPRET, path.info);
        out.bind(out.jump(), out.offset());
      } else if (path.found != NONE) {
        out.storeInt(HostRegister.AREA, EngineArea.ACCESS, path.access);
        out.call(exits.stackLookUp());
        out.bind(out.jumpIf(ConditionCode.AE), path.found);
        exits.emit(out, ExitKind.MEMORY, path.info);
        out.bind(out.jump(), path.retry);
      } else {
        boolean write = (path.access & WRITE) != 0;
        out.memory(
            Opcode.ADD,
            1,
            HostRegister.ADDRESS,
            HostRegister.TEMPORARY,
            write ? Tlb.WRITE_TAG : Tlb.READ_TAG,
            false);
        out.storeInt(HostRegister.AREA, EngineArea.ACCESS, path.access);
        if (path.beside == NONE) {
          out.store(HostRegister.AREA, EngineArea.LINEAR, HostRegister.ADDRESS);
        } else {
          emitBeside(path);
        }
        exits.emit(out, ExitKind.MEMORY, path.info);
        out.bind(out.jump(), path.retry);
      }
      if (path.flagsInHost) {
        flags.emitRestore();
      }
      out.bind(out.jump(), path.done);
    }
  }

  /** Looks whether it is a write to a page with code, but not to code. */
  private void emitBeside(Path path) {
    int bytes = path.access & WRITE - 1;
    out.call(exits.guardLookUp(bytes));
    if ((path.access & ALIGNED) == 0) {
      out.bind(out.jumpIf(ConditionCode.AE), path.beside);
      return;
    }
    int not = out.jumpIf(ConditionCode.B);
    out.register(Opcode.of(0xF6), 0, 0, HostRegister.ADDRESS, true); // TEST r8, imm8
    out.byte1(bytes - 1);
    out.bind(out.jumpIf(ConditionCode.E), path.beside);
    out.bindHere(not);
  }
}
