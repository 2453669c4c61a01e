/**
 * Disks, as controllers see them. Disks are inside the machine: what they hold is part of its
 * description, and what is written to them stays in it.
 */
@NullMarked
package dev.hindsight.storage;

import org.jspecify.annotations.NullMarked;
