/**
 * Direct boot of Linux: a {@code bzImage} without boot loader or firmware, by Linux's own boot
 * protocol (Documentation/arch/x86/boot.rst in the kernel's sources).
 *
 * <p>{@link dev.hindsight.board.linux.LinuxBoot} lays the kernel, its command line, an initial RAM
 * disk and what the kernel wants to know of the machine into memory, and adds a small ROM that
 * brings the CPU from the reset vector to the kernel's 32- or 64-bit entry. So the machine itself
 * knows nothing of Linux: the kernel is an image in its description like any other.
 */
@NullMarked
package dev.hindsight.board.linux;

import org.jspecify.annotations.NullMarked;
