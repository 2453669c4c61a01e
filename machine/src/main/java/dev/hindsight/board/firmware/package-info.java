/**
 * What is left of a PC's firmware if a kernel is put into memory from outside: {@link
 * dev.hindsight.board.firmware.ResetRom} takes the bootstrap processor from the reset vector into
 * flat protected mode, sets up on every processor what operating systems expect firmware to have
 * set up, and hands over to a kernel. Loaders ({@code board.linux}, {@code board.multiboot}) say
 * how their kernels are entered, and say with {@link dev.hindsight.board.firmware.PcMemory} where
 * RAM is.
 */
@NullMarked
package dev.hindsight.board.firmware;

import org.jspecify.annotations.NullMarked;
