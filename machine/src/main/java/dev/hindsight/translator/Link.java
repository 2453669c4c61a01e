package dev.hindsight.translator;

/**
 * Where a block jumps to directly: the field of the jump, and, if it leads to another page, the
 * field in which that page's physical address is expected.
 *
 * <p>A link within its page that leads nowhere leads to an exit; one to another page expects a
 * physical address that there is not.
 */
final class Link {
  /** In place of a field: the link stays within its page. */
  static final long NONE = 0;

  private static final int NO_PAGE = -1;

  private final CodeMemory memory;
  private final long jump;
  private final long page;
  private final long exit;
  private final long target;
  private final boolean afterTransfer;

  /**
   * A link.
   *
   * @param jump host address of the field of the jump
   * @param page host address of the field for bits 39:8 of the physical address, or {@link #NONE}
   * @param exit host address of the exit it leads to while it leads nowhere; 0 with a page
   * @param target where it leads, in bytes from the beginning of the page it comes from
   * @param afterTransfer whether the instruction that takes it has been executed when it exits
   */
  Link(CodeMemory memory, long jump, long page, long exit, long target, boolean afterTransfer) {
    this.memory = memory;
    this.jump = jump;
    this.page = page;
    this.exit = exit;
    this.target = target;
    this.afterTransfer = afterTransfer;
  }

  /** Whether the instruction that takes it has been executed when it exits. */
  boolean isAfterTransfer() {
    return afterTransfer;
  }

  /** Where it leads, in bytes from the beginning of the page it comes from. */
  long target() {
    return target;
  }

  /** Leads to a block from now on. */
  void to(TranslatedBlock block) {
    memory.patch(jump, (int) (block.entry() - (jump + 4)));
    if (page != NONE) {
      memory.patch(page, (int) ((block.physical() & -4096L) >>> 8));
    }
    block.addIncoming(this);
  }

  /** Leads nowhere from now on. */
  void cut() {
    if (page != NONE) {
      memory.patch(page, NO_PAGE);
    } else {
      memory.patch(jump, (int) (exit - (jump + 4)));
    }
  }
}
