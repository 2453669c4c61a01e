package dev.hindsight.translator;

import dev.hindsight.bus.PhysicalMemory;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.cpu.code.CodeBlock;
import dev.hindsight.cpu.code.CodeReader;
import dev.hindsight.cpu.code.RewrittenCode;
import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.ConditionCode;
import dev.hindsight.x86.Decoder;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.Prefixes;
import dev.hindsight.x86.RowAttribute;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Translates blocks.
 *
 * <p>A block never leaves its page. It ends where control is transferred, where an instruction may
 * change what the code behind it means, before a repeated string instruction, and before what
 * cannot be decoded or reaches into the next page. An instruction that does is a block by itself,
 * which looks each time whether the next page is the one that it was read from.
 */
final class BlockTranslator {
  private static final int PAGE_BYTES = PhysicalMemory.PAGE_SIZE;

  private final TranslationListener listener;
  private final RewrittenCode rewritten;
  private final int patience;
  private final int[] starts = new int[BlockWriter.MOST_STEPS + 1];
  private final Host host;
  private final CodeMemory memory;
  private final PhysicalMemory physicalMemory;
  private final Decoder decoder;
  private final CodeReader reader;
  private final BlockWriter block;
  private final HostEmitter out;
  private final OperandEmitter operands;
  private final LinkWriter links;
  private final GeneralInstructions general;
  private final TransferInstructions transfers;
  private final SystemInstructions systems;
  private final StringInstructions strings;
  private final VectorInstructions vectors;
  private final X87Instructions x87;

  private final List<Instruction> instructions = new ArrayList<>();
  private final @Nullable SoftImmediate[] soft = new SoftImmediate[BlockWriter.MOST_STEPS];
  private long softSteps;
  private @Nullable Mnemonic untranslated;

  // of a repeated string instruction that ends a block, or is one by itself
  private int repeatedLength;
  private @Nullable Instruction repeated;

  BlockTranslator(
      PhysicalMemory physical,
      Decoder decoder,
      Host host,
      CodeMemory memory,
      Exits exits,
      TranslationListener listener,
      RewrittenCode rewritten,
      int patience) {
    this.rewritten = rewritten;
    this.patience = patience;
    this.listener = listener;
    this.host = host;
    this.memory = memory;
    this.physicalMemory = physical;
    this.decoder = decoder;
    this.reader = new CodeReader(physical);
    this.block = new BlockWriter(exits);
    this.out = block.out;
    this.operands = new OperandEmitter(block);
    this.links = new LinkWriter(block, memory);
    this.general = new GeneralInstructions(block, operands, host);
    this.transfers = new TransferInstructions(block, operands, links);
    this.systems = new SystemInstructions(block, operands, links);
    this.strings = new StringInstructions(block, links);
    this.vectors = new VectorInstructions(block, operands);
    this.x87 = new X87Instructions(block, operands);
  }

  /**
   * Translates the block at a physical address.
   *
   * @param linear the linear address that it has now
   * @param number by which its exits are going to name it
   * @param onDrop what the block is to call when it is dropped
   */
  TranslatedBlock translate(Vcpu cpu, long linear, long physical, int number, Runnable onDrop) {
    CodeMode mode = cpu.codeMode();
    decode(mode, physical);
    long second = CodeBlock.NO_PAGE;
    if (instructions.isEmpty() && repeated == null && reachesNextPage(physical)) {
      second = knownPage(cpu, linear + PAGE_BYTES & -PAGE_BYTES);
      decodeStraddling(mode, physical, second);
    }
    if (instructions.isEmpty()) {
      return new TranslatedBlock(
          physical,
          cpu.modeKey(),
          number,
          StringInstructions.canEmit(repeated, mode.bits()) ? repeat(mode, physical, number) : 0,
          new char[] {0, (char) repeatedLength},
          new @Nullable Mnemonic[] {untranslated},
          links.links(),
          true,
          Units.NONE,
          CodeBlock.NO_PAGE,
          onDrop,
          new char[] {0, (char) repeatedLength},
          0);
    }
    int n = instructions.size();
    char[] offsets = new char[n + 1];
    Mnemonic[] mnemonics = new Mnemonic[n];
    for (int i = 0; i < n; i++) {
      mnemonics[i] = instructions.get(i).mnemonic();
      offsets[i + 1] = (char) (offsets[i] + instructions.get(i).length());
    }
    findSoftImmediates(physical, offsets, second);
    long entry = memory.next();
    block.begin(entry, number, mode, n);
    links.begin();
    int start = (int) (physical & PAGE_BYTES - 1);
    int needs = needed();
    head(n, needs);
    if (second != CodeBlock.NO_PAGE) {
      block.instruction(0, start + offsets[1], true);
      links.requirePage(PAGE_BYTES, second);
    }
    boolean transfer = false;
    for (int i = 0; i < n; i++) {
      Instruction in = instructions.get(i);
      boolean last = i == n - 1;
      starts[i] = out.offset();
      block.instruction(i, start + offsets[i + 1], flagsNeeded(i));
      block.softImmediate(soft[i]);
      if (last && endsBlock(in)) {
        transfer = true;
        if (!transfers.emit(in) && !systems.emit(in, false)) {
          interpret(true);
        }
      } else if (!systems.emit(in, !last)
          && (!host.runs(in, block.flagsNeeded())
              || !general.emit(in)
                  && !transfers.emit(in)
                  && !vectors.emit(in)
                  && !x87.emit(in, following(i)))) {
        interpret(false);
      }
      block.slow.instructionEnds();
    }
    if (!transfer) {
      block.flags.save();
      links.goTo(1, start + offsets[n], true);
    }
    starts[n] = out.offset();
    links.emit();
    block.slow.emit();
    memory.add(out.code(), out.offset());
    if (listener != TranslationListener.NONE) {
      tell(linear, physical, mode, entry);
    }
    return new TranslatedBlock(
        physical,
        cpu.modeKey(),
        number,
        entry,
        offsets,
        mnemonics,
        links.links(),
        transfer,
        needs,
        second,
        onDrop,
        extents(offsets),
        softSteps);
  }

  /** Finds the immediate operands that are rewritten so often that they had better be read. */
  private void findSoftImmediates(long physical, char[] offsets, long second) {
    softSteps = 0;
    Arrays.fill(soft, null);
    long guard = physicalMemory.guard(physical >>> PhysicalMemory.PAGE_SHIFT);
    if (second != CodeBlock.NO_PAGE || guard == 0) {
      return;
    }
    for (int i = 0; i < instructions.size(); i++) {
      int bytes = SoftImmediate.bytesOf(instructions.get(i));
      long end = physical + offsets[i + 1];
      if (bytes != 0 && rewritten.times(end - bytes, bytes) >= patience) {
        soft[i] = new SoftImmediate(guard, (int) (end - bytes & PAGE_BYTES - 1), bytes);
        softSteps |= 1L << i;
      }
    }
  }

  /** What the block depends on: all but the operands that it reads. */
  private char[] extents(char[] offsets) {
    char[] extents = new char[2 + 2 * Long.bitCount(softSteps)];
    int used = 1;
    char end = 0;
    for (int i = 0; i < instructions.size(); i++) {
      end = offsets[i + 1];
      SoftImmediate immediate = soft[i];
      if (immediate != null) {
        extents[used++] = (char) (end - immediate.bytes());
        extents[used++] = end;
      }
    }
    extents[used] = end;
    return extents;
  }

  /** Whether an instruction could reach into the page after the one that it begins in. */
  static boolean reachesNextPage(long physical) {
    return (physical & PAGE_BYTES - 1) > PAGE_BYTES - Instruction.MAX_LENGTH;
  }

  /** Physical address of a page of plain memory that may be executed, if the TLB knows it. */
  private long knownPage(Vcpu cpu, long linear) {
    long known = cpu.memory().knownFetch(cpu.is64Bit() ? linear : linear & 0xFFFF_FFFFL);
    return known >= 0 && memory(known) ? known : CodeBlock.NO_PAGE;
  }

  private boolean memory(long physical) {
    return physicalMemory.readPage(physical >>> PhysicalMemory.PAGE_SHIFT) != 0;
  }

  /** Decodes one instruction, which reaches into another page. */
  private void decodeStraddling(CodeMode mode, long physical, long second) {
    if (second == CodeBlock.NO_PAGE) {
      return;
    }
    reader.at(physical, second);
    if (decoder.decode(mode, reader) instanceof Instruction in && !repeats(in)) {
      instructions.add(in);
    }
  }

  private void tell(long linear, long physical, CodeMode mode, long entry) {
    listener.translated(
        new TranslatedCode(
            linear,
            physical,
            mode,
            instructions,
            entry,
            Arrays.copyOf(out.code(), out.offset()),
            Arrays.copyOf(starts, instructions.size() + 1)));
  }

  /** Emits the repeated string instruction; returns where it is entered. */
  private long repeat(CodeMode mode, long physical, int number) {
    Instruction in = Objects.requireNonNull(repeated);
    long entry = memory.next();
    block.begin(entry, number, mode, 1);
    links.begin();
    head(1, Units.NONE);
    block.instruction(0, (int) (physical & PAGE_BYTES - 1) + in.length(), true);
    strings.emit(in);
    links.emit();
    block.slow.emit();
    memory.add(out.code(), out.offset());
    return entry;
  }

  private void decode(CodeMode mode, long physical) {
    instructions.clear();
    repeated = null;
    repeatedLength = 1;
    untranslated = null;
    reader.at(physical, CodeReader.NONE);
    while (instructions.size() < BlockWriter.MOST_STEPS) {
      if (!(decoder.decode(mode, reader) instanceof Instruction in)) {
        return;
      }
      if (repeats(in)) {
        repeatedLength = in.length();
        repeated = in;
        untranslated = in.mnemonic();
        return;
      }
      reader.advance(in.length());
      instructions.add(in);
      if (endsBlock(in)) {
        return;
      }
    }
  }

  private static boolean endsBlock(Instruction in) {
    return in.row().endsBlock() && !SystemInstructions.staysInBlock(in);
  }

  private static boolean repeats(Instruction in) {
    return in.row().has(RowAttribute.REPEAT) && (in.has(Prefixes.REP) || in.has(Prefixes.REPNE));
  }

  /** The instruction that the host executes next, or null. */
  private @Nullable Instruction following(int i) {
    if (i + 1 == instructions.size()) {
      return null;
    }
    Instruction next = instructions.get(i + 1);
    return host.runs(next, true) ? next : null;
  }

  /** Charges the block's steps, and asks for the registers that it needs. */
  private void head(int steps, int needs) {
    out.arithmetic(5, 1, HostRegister.BUDGET, steps);
    int covered = out.jumpIf(ConditionCode.S ^ 1);
    block.exits.emit(out, ExitKind.BUDGET, block.info());
    out.bindHere(covered);
    // AVX has a bit of its own, besides that of SSE
    require(needs & Units.AVX & ~Units.SSE);
    require((needs & Units.AVX) == Units.SSE ? Units.SSE : Units.NONE);
    require(needs & Units.X87);
  }

  private void require(int unit) {
    if (unit != Units.NONE) {
      Units.test(out, unit);
      int loaded = out.jumpIf(ConditionCode.NE);
      block.exits.emit(out, ExitKind.UNITS, block.info());
      out.bindHere(loaded);
    }
  }

  private int needed() {
    int needs = Units.NONE;
    for (Instruction in : instructions) {
      needs |= vectors.needs(in) | x87.needs(in);
    }
    return needs;
  }

  private void interpret(boolean last) {
    block.flags.save();
    block.exits.emit(out, ExitKind.INTERPRET, block.info());
    if (!last) {
      out.bind(out.jump(), out.offset());
      block.flags.begin();
    }
  }

  /** Whether the flags that an instruction leaves may be looked at before they are overwritten. */
  private boolean flagsNeeded(int i) {
    for (int j = i + 1; j < instructions.size(); j++) {
      Instruction in = instructions.get(j);
      if (FlagUse.overwritesAll(in)) {
        return false;
      }
      if (!FlagUse.ignores(in)) {
        return true;
      }
    }
    return true;
  }
}
