package dev.hindsight.cli.guest;

import java.nio.file.Path;

/**
 * A guest that can be booted. The files are in the cache and never change; another version of the
 * guest has other names.
 *
 * @param kernel the kernel in Linux's bzImage format
 * @param initrd the initial RAM file system, an uncompressed cpio archive
 */
public record Guest(Path kernel, Path initrd) {}
