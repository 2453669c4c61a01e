package dev.hindsight.translator;

import dev.hindsight.cpu.code.CodeBlock;
import dev.hindsight.cpu.interpreter.SingleInstruction;
import dev.hindsight.x86.Mnemonic;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A block of the guest's code as code of the host. */
final class TranslatedBlock extends CodeBlock {
  private final int number;
  private final long entry;
  private final char[] offsets;
  private final @Nullable Mnemonic[] mnemonics;
  private final Link[] links;
  private final boolean endsInTransfer;
  private final int needs;
  private final @Nullable SingleInstruction[] singles;
  private final List<Link> incoming = new ArrayList<>(2);
  private final Runnable onDrop;
  private final long softSteps;
  private long table;
  private @Nullable TranslatedBlock next;

  /**
   * A block.
   *
   * @param number by which exits name it
   * @param entry host address at which it is entered
   * @param offsets where its instructions begin, in bytes from its start, and where it ends
   * @param mnemonics of its instructions; null for what cannot be decoded
   * @param endsInTransfer whether its last instruction decides where to go on
   * @param needs what it needs of the processor, see {@link Units}
   * @param secondPage physical address of the page that its only instruction reaches into, or
   *     {@link #NO_PAGE}
   * @param onDrop called when it is dropped
   * @param extents pairs of offsets: where bytes begin that it depends on, and where they end
   * @param softSteps bits of the steps of which it does not depend on all bytes
   */
  TranslatedBlock(
      long physical,
      int mode,
      int number,
      long entry,
      char[] offsets,
      @Nullable Mnemonic[] mnemonics,
      Link[] links,
      boolean endsInTransfer,
      int needs,
      long secondPage,
      Runnable onDrop,
      char[] extents,
      long softSteps) {
    super(physical, mode, secondPage, extents);
    this.softSteps = softSteps;
    this.number = number;
    this.entry = entry;
    this.offsets = offsets;
    this.mnemonics = mnemonics;
    this.links = links;
    this.endsInTransfer = endsInTransfer;
    this.needs = needs;
    this.onDrop = onDrop;
    this.singles = new SingleInstruction[offsets.length - 1];
  }

  int number() {
    return number;
  }

  /** Whether there is code for it; else its first instruction is for the interpreter. */
  boolean isTranslated() {
    return entry != 0;
  }

  /**
   * Whether it is dropped when any byte of its instructions changes. Else its only instruction must
   * be looked at each time: nobody knows how long it is, or what page it reaches into.
   */
  boolean coversInstructions() {
    return secondPage() == NO_PAGE && (isTranslated() || length() > 1);
  }

  /** Whether it is dropped when any byte of a step changes. */
  boolean covers(int step) {
    return coversInstructions() && (softSteps >>> step & 1) == 0;
  }

  long entry() {
    return entry;
  }

  /** Number of its steps. */
  int steps() {
    return offsets.length - 1;
  }

  /** Where a step begins, in bytes from its start. */
  int offset(int step) {
    return offsets[step];
  }

  /** What a step is, or null if it cannot be decoded, or not within its page. */
  @Nullable Mnemonic mnemonic(int step) {
    return mnemonics[step];
  }

  Link link(int n) {
    return links[n];
  }

  /** Whether its last instruction decides where to go on. */
  boolean endsInTransfer() {
    return endsInTransfer;
  }

  /** What it needs of the processor, see {@link Units}. */
  int needs() {
    return needs;
  }

  /** What the interpreter keeps of a step, if it had to execute it. */
  @Nullable SingleInstruction single(int step) {
    return singles[step];
  }

  void single(int step, SingleInstruction instruction) {
    singles[step] = instruction;
  }

  /** Host address of the table of entries of its page. */
  long table() {
    return table;
  }

  void table(long address) {
    table = address;
  }

  /** The block that came after it the last time that somebody had to look for it, or null. */
  @Nullable TranslatedBlock next() {
    return next;
  }

  void next(TranslatedBlock block) {
    next = block;
  }

  /** A link leads here now, and must be cut when the block is dropped. */
  void addIncoming(Link link) {
    incoming.add(link);
  }

  @Override
  public void drop() {
    super.drop();
    onDrop.run();
    next = null;
    for (Link link : incoming) {
      link.cut();
    }
    incoming.clear();
  }
}
