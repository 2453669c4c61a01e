/**
 * The binary translator: runs guest code as machine code of an x86-64 host.
 *
 * <p>It is from x86 to x86, so it is no second set of semantics. An <em>innocent</em> instruction
 * is encoded again, with its registers renamed ({@link dev.hindsight.translator.RegisterMap}) and
 * its memory operand redirected through the software TLB ({@link
 * dev.hindsight.translator.MemoryAccess}), and the host does the work; every other instruction
 * leaves the emitted code, and the interpreter executes it. What both engines leave behind is the
 * same, step by step.
 *
 * <p>{@link dev.hindsight.translator.Translator} is the engine. It asks {@link
 * dev.hindsight.translator.BlockTranslator} for blocks, which {@link
 * dev.hindsight.translator.CodeMemory} holds, enters them, and does what they ask for when they
 * leave ({@link dev.hindsight.translator.ExitKind}). Blocks are position-independent: they know
 * where in their page they are, and read the linear address of the page from the {@link
 * dev.hindsight.translator.EngineArea}. They jump to one another directly within a page, and to
 * other pages after a look at the TLB, which is coherent with the page tables; so a block needs to
 * be dropped only when its bytes change.
 *
 * <p>Between blocks the arithmetic flags are in the host's RAX, as LAHF and SETO leave them; within
 * a block they stay in the host's flags for as long as nothing else needs these ({@link
 * dev.hindsight.translator.FlagTracker}).
 */
@NullMarked
package dev.hindsight.translator;

import org.jspecify.annotations.NullMarked;
