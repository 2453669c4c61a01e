/**
 * Guest RAM: 4 KiB pages off the Java heap, and the snapshots made of them.
 *
 * <p>{@link dev.hindsight.memory.GuestRam} is the memory of one machine. A snapshot costs the same
 * whatever its size, because pages are shared until somebody writes; see the class for how.
 */
@NullMarked
package dev.hindsight.memory;

import org.jspecify.annotations.NullMarked;
