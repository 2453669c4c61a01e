/**
 * What firmware tells an operating system of the machine as a thing: who made it, what it is
 * called, and which memory is plugged in.
 *
 * <p>{@link dev.hindsight.board.smbios.SmbiosTables} lays the table out, {@code Structure} is one
 * record of it. There are no structures of processors, caches and slots.
 *
 * <p>Source: DMTF DSP0134, System Management BIOS Reference Specification, version 2.8.0; chapter
 * 5.2.1 for the entry point, 6.1 for structures, 7 for their contents.
 */
@NullMarked
package dev.hindsight.board.smbios;

import org.jspecify.annotations.NullMarked;
