package dev.hindsight.timeline;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the contents of a machine came from on the host that recorded it, so that a replay finds
 * them again. They are hints: what the machine is, its description says, and a file that has
 * changed is noticed because images made of it have other digests.
 *
 * <p>Paths are absolute, or relative to the directory of the recording. A text may hold any
 * characters but line feeds and NUL.
 *
 * @param boot what the machine's images were made of
 * @param disks the images of its disks, in the order of its description
 */
public record Sources(Boot boot, List<Disk> disks) {
  /** Nothing came from a file. */
  public static final Sources NONE = new Sources(new Boot.None(), List.of());

  /**
   * Checks all texts.
   *
   * @throws IllegalArgumentException if one cannot be written down; the message is a sentence
   */
  public Sources {
    disks = List.copyOf(disks);
    texts(boot).forEach(Sources::check);
    disks.forEach(d -> check(d.path));
  }

  /** What a machine's images were made of. */
  public sealed interface Boot {
    /** Of nothing that is in a file: the built-in guest, or firmware alone. */
    record None() implements Boot {}

    /**
     * A Linux kernel, booted directly.
     *
     * @param kernel path of the bzImage
     * @param initrd path of the initial RAM disk, if there is one
     * @param commandLine the kernel's command line
     */
    record Linux(String kernel, Optional<String> initrd, String commandLine) implements Boot {}

    /**
     * A kernel that follows the Multiboot specification.
     *
     * @param kernel path of the kernel
     * @param commandLine its command line
     * @param modules its modules, in their order
     */
    record Multiboot(String kernel, String commandLine, List<Module> modules) implements Boot {
      /** Copies the list. */
      public Multiboot {
        modules = List.copyOf(modules);
      }
    }
  }

  /**
   * A module of a Multiboot kernel.
   *
   * @param path path of its file
   * @param text the string that the kernel is given with it
   */
  public record Module(String path, String text) {}

  /**
   * The image of a disk.
   *
   * @param path path of its file
   * @param form what is in the file
   */
  public record Disk(String path, Form form) {
    /** What a disk image's file can hold. */
    public enum Form {
      /** The bytes of the disk. */
      RAW,
      /** The blocks that a recorded run read, as {@code timeline.store} keeps them. */
      BLOCKS
    }
  }

  private static List<String> texts(Boot boot) {
    return switch (boot) {
      case Boot.None() -> List.of();
      case Boot.Linux linux -> {
        List<String> texts = new ArrayList<>(List.of(linux.kernel, linux.commandLine));
        linux.initrd.ifPresent(texts::add);
        yield texts;
      }
      case Boot.Multiboot multiboot -> {
        List<String> texts = new ArrayList<>(List.of(multiboot.kernel, multiboot.commandLine));
        multiboot.modules.forEach(m -> texts.addAll(List.of(m.path, m.text)));
        yield texts;
      }
    };
  }

  /** Checks that a text can be a line of a description. */
  static void check(String text) {
    if (text.indexOf('\n') >= 0
        || text.indexOf('\0') >= 0
        || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException(
          "A path or command line that holds a line feed, NUL or half a character cannot be"
              + " recorded: "
              + text.replaceAll("[\\p{Cntrl}\\p{Cs}]", "?")
              + ".");
    }
  }
}
