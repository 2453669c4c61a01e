package dev.hindsight.cli.guest;

/**
 * A guest operating system of the catalogue.
 *
 * @param name what people call it on the command line
 * @param architecture the distribution's name of its architecture: {@code amd64} or {@code i386}
 * @param kernelPackage the meta package that depends on the newest kernel of its kind
 * @param description what it is, in a few words
 */
public record GuestSystem(
    String name, String architecture, String kernelPackage, String description) {}
