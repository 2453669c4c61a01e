package dev.hindsight.cpu.interpreter;

import dev.hindsight.bus.PhysicalMemory;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.Semantic;
import dev.hindsight.cpu.SemanticTable;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.code.CodeReader;
import dev.hindsight.cpu.interpreter.fast.FastOperations;
import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.Decoded;
import dev.hindsight.x86.Decoder;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.Prefixes;
import dev.hindsight.x86.RowAttribute;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes blocks.
 *
 * <p>A block never leaves its page, so that building it touches no page that is not executed. An
 * instruction that reaches into the next page is a block of its own.
 */
final class BlockBuilder {
  private static final int MOST_OPERATIONS = 64;

  private final PhysicalMemory memory;
  private final Decoder decoder;
  private final SemanticTable semantics;
  private final CodeReader reader;
  private final boolean useFast;

  BlockBuilder(PhysicalMemory memory, Decoder decoder, SemanticTable semantics, boolean useFast) {
    this.memory = memory;
    this.decoder = decoder;
    this.semantics = semantics;
    this.reader = new CodeReader(memory);
    this.useFast = useFast;
  }

  /**
   * Decodes the block at an address.
   *
   * @param linear linear address of its first byte
   * @param physical physical address of the same
   * @throws GuestFault if the first instruction reaches into a page that cannot be fetched
   */
  Block build(Vcpu cpu, long linear, long physical) {
    return build(cpu, linear, physical, MOST_OPERATIONS);
  }

  /** The first instruction at an address alone. */
  Block single(Vcpu cpu, long linear, long physical) {
    return build(cpu, linear, physical, 1);
  }

  /** The first instruction at an address; #GP(0) if it goes beyond the limit of CS. */
  Block withinLimit(Vcpu cpu, long linear, long physical) {
    Block single = build(cpu, linear, physical, 1);
    if (cpu.rip() + single.length() - 1 > cpu.cs().limit()) {
      throw GuestFault.generalProtection(0);
    }
    return single;
  }

  private Block build(Vcpu cpu, long linear, long physical, int most) {
    reader.at(physical, CodeReader.NONE);
    boolean plain = reader.isPlainMemory();
    List<Operation> operations = new ArrayList<>();
    int length = 0;
    boolean branch = false;
    while (operations.size() < (plain ? most : 1)) {
      Decoded decoded = decoder.decode(cpu.codeMode(), reader);
      if (!(decoded instanceof Instruction in)) {
        if (operations.isEmpty()) {
          return notInstruction(cpu, linear, physical, decoded);
        }
        break;
      }
      boolean repeats = repeats(in);
      if (repeats && !operations.isEmpty()) {
        break;
      }
      length += in.length();
      branch = BranchInstructions.contains(in.mnemonic());
      reader.advance(in.length());
      operations.add(operation(cpu, in, length));
      if (repeats || in.row().endsBlock()) {
        break;
      }
    }
    return new Block(
        physical,
        cpu.modeKey(),
        length,
        operations.toArray(Operation[]::new),
        Block.NO_PAGE,
        plain,
        branch);
  }

  private Block notInstruction(Vcpu cpu, long linear, long physical, Decoded decoded) {
    return switch (decoded) {
      case Decoded.NeedsByte n -> straddling(cpu, linear, physical);
      default -> single(cpu, physical, decoded, Block.NO_PAGE);
    };
  }

  private Block straddling(Vcpu cpu, long linear, long physical) {
    int inFirst = PhysicalMemory.PAGE_SIZE - (int) (physical & (PhysicalMemory.PAGE_SIZE - 1));
    long second = cpu.memory().translateFetch(cpu.memory().next(linear, inFirst));
    reader.at(physical, second);
    return single(cpu, physical, decoder.decode(cpu.codeMode(), reader), second);
  }

  /** A block of one instruction, or of one fault. */
  private Block single(Vcpu cpu, long physical, Decoded decoded, long secondPage) {
    int length;
    Operation operation;
    switch (decoded) {
      case Instruction in -> {
        length = in.length();
        operation = operation(cpu, in, length);
      }
      case Decoded.Invalid invalid -> {
        length = invalid.length();
        operation = new UndefinedOperation(GuestFault.undefined(), length);
      }
      case Decoded.TooLong t -> {
        length = 15;
        operation = new UndefinedOperation(GuestFault.generalProtection(0), length);
      }
      case Decoded.NeedsByte n ->
          throw new IllegalStateException("15 bytes of code reach over more than two pages");
    }
    boolean plain =
        reader.isPlainMemory()
            && (secondPage == Block.NO_PAGE
                || memory.readPage(secondPage >>> PhysicalMemory.PAGE_SHIFT) != 0);
    boolean branch =
        decoded instanceof Instruction in && BranchInstructions.contains(in.mnemonic());
    return new Block(
        physical, cpu.modeKey(), length, new Operation[] {operation}, secondPage, plain, branch);
  }

  private static boolean repeats(Instruction in) {
    return in.row().has(RowAttribute.REPEAT) && (in.has(Prefixes.REP) || in.has(Prefixes.REPNE));
  }

  private Operation operation(Vcpu cpu, Instruction in, int end) {
    long ripMask = cpu.codeMode() == CodeMode.BITS64 ? -1L : 0xFFFF_FFFFL;
    @Nullable Semantic semantic = semantics.find(in.mnemonic());
    // instructions with a VEX prefix exist in protected mode only (SDM volume 2, section 2.3.8)
    boolean vexInRealMode = in.has(Prefixes.VEX) && cpu.isRealOrVirtual8086();
    if (semantic == null || vexInRealMode) {
      return new UndefinedOperation(GuestFault.undefined(), end);
    }
    if (repeats(in)) {
      BulkString bulk = useFast && BulkString.fits(cpu, in) ? new BulkString(in) : null;
      return new RepeatOperation(semantic, in, bulk, end, ripMask);
    }
    Operation fast = useFast ? FastOperations.of(cpu, in, end) : null;
    return fast != null ? fast : new GenericOperation(semantic, in, end, ripMask);
  }
}
