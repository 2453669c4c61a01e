/**
 * Paging: from linear to physical addresses, and the TLBs that make it fast and that nobody can
 * see.
 *
 * <p>{@link dev.hindsight.cpu.paging.PageWalker} walks the structures in memory, as SDM volume 3,
 * chapter "Paging" says. {@link dev.hindsight.cpu.paging.Tlb} keeps what walks found. Unlike in
 * hardware it is <em>coherent</em>: a write to an entry that was walked, by whomever, drops what
 * derives from it ({@link dev.hindsight.cpu.paging.TranslationCaches}), so that the machine behaves
 * as if every access walked. The reward is that neither INVLPG nor a load of CR3 need flush
 * anything: each address space keeps its TLBs while others run, and all vCPUs share them.
 */
@NullMarked
package dev.hindsight.cpu.paging;

import org.jspecify.annotations.NullMarked;
