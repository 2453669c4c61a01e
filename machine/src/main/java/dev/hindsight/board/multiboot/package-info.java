/**
 * Direct boot of kernels that follow the Multiboot specification, version 0.6.96: those of many
 * small and teaching systems.
 *
 * <p>{@link dev.hindsight.board.multiboot.MultibootBoot} is for others: it reads the kernel ({@code
 * MultibootHeader} tells how, {@code ElfKernel} or {@code FlatKernel} where its parts go), puts
 * modules behind it, writes what the kernel is told of the machine ({@code MultibootInformation}),
 * and adds the ROM of {@code board.firmware} with the specification's entry state.
 */
@NullMarked
package dev.hindsight.board.multiboot;

import org.jspecify.annotations.NullMarked;
