/**
 * Recordings and disk images in files: the one place of the machine library that touches files.
 *
 * <p>{@link dev.hindsight.timeline.store.DirectoryStore} keeps a recording in a directory; {@link
 * dev.hindsight.timeline.store.DiskImages} opens the disk images that its sources name; {@link
 * dev.hindsight.timeline.store.Packing} makes one file of a recording and all that it needs, and a
 * recording of such a file again.
 */
@NullMarked
package dev.hindsight.timeline.store;

import org.jspecify.annotations.NullMarked;
