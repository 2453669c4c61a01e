/**
 * Disks as controllers see them, and what is behind them.
 *
 * <p>The contents of an image belong to the machine's description and are never written: a {@link
 * dev.hindsight.storage.BlockStore} gives them out, and a {@link
 * dev.hindsight.storage.CopyOnWriteDisk} keeps what the guest writes in an overlay, which is state
 * of the machine like its RAM. {@link dev.hindsight.storage.WitnessedBlocks} notices when an image
 * is no longer what it was.
 */
@NullMarked
package dev.hindsight.storage;

import org.jspecify.annotations.NullMarked;
