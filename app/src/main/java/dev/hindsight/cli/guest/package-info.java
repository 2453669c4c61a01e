/**
 * Guest operating systems, made from the distribution's own packages as an ordinary user.
 *
 * <p>{@link dev.hindsight.cli.guest.GuestCatalogue} lists the guests that there are. {@link
 * dev.hindsight.cli.guest.GuestCache} is where finished ones are kept: a kernel and an initial RAM
 * file system each, in files whose names carry a hash of their contents and which never change once
 * they are there. What is missing is made by {@link dev.hindsight.cli.guest.GuestBuilder}:
 *
 * <ol>
 *   <li>{@link dev.hindsight.cli.guest.AptArchive} runs the host's apt with state of its own.
 *       Sources and keys are the host's, signatures are checked by apt, nothing is installed.
 *   <li>{@link dev.hindsight.cli.guest.DebianPackage} reads what was downloaded.
 *   <li>{@link dev.hindsight.cli.guest.KernelModules} takes from the kernel's package the modules
 *       that a guest needs, with what they depend on.
 *   <li>{@link dev.hindsight.cli.guest.Initramfs} puts BusyBox, the modules, and the resource
 *       {@code init} into one cpio archive.
 * </ol>
 *
 * <p>How a guest starts, and which parameters on the kernel's command line steer it, is described
 * at the top of the resource {@code init}.
 */
@NullMarked
package dev.hindsight.cli.guest;

import org.jspecify.annotations.NullMarked;
