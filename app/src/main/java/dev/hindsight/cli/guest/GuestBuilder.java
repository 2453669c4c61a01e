package dev.hindsight.cli.guest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Makes a guest out of packages. */
final class GuestBuilder {
  private static final String BUSYBOX = "busybox-static";

  /** What a kernel's package may be split into; other dependencies are for installing it. */
  private static final Pattern KERNEL_PART = Pattern.compile("linux-(image|binary|modules)-.*");

  /**
   * The modules of a guest: those that {@code init} loads, and, so that one pass over the package
   * finds them, the ones that these depend on in the kernels that we know.
   */
  private static final List<String> MODULES =
      List.of(
          "virtio_pci",
          "virtio_blk",
          "virtio_console",
          "virtio_rng",
          "virtio_net",
          "ext4",
          "crc32c_generic",
          "virtio",
          "virtio_ring",
          "virtio_pci_modern_dev",
          "virtio_pci_legacy_dev",
          "net_failover",
          "failover",
          "jbd2",
          "mbcache",
          "crc16");

  /**
   * What is made.
   *
   * @param release the kernel's release
   * @param kernel the kernel's file
   * @param initramfs the file system without additions
   * @param packages name and version of each package that it was made of
   */
  record Product(String release, byte[] kernel, Initramfs initramfs, List<String> packages) {}

  private final GuestSystem system;
  private final AptArchive archive;
  private final Consumer<String> progress;

  GuestBuilder(GuestSystem system, AptArchive archive, Consumer<String> progress) {
    this.system = system;
    this.archive = archive;
    this.progress = progress;
  }

  /** What the product depends on besides the packages; it has another recipe if that changes. */
  static String recipe() throws IOException {
    return String.join(" ", MODULES) + "\n" + init();
  }

  /**
   * Makes it.
   *
   * @param update whether to ask the archive for newer packages first
   * @param scratch an empty directory
   */
  Product build(boolean update, Path scratch) throws IOException {
    boolean asked = update || archive.isStale();
    if (asked) {
      updateLists();
    }
    List<ControlParagraph> packages;
    List<Path> files;
    try {
      packages = packages();
      files = download(packages, scratch.resolve("first"));
    } catch (GuestException e) {
      if (asked) {
        throw e;
      }
      // The archive has moved on since the lists were fetched.
      updateLists();
      packages = packages();
      files = download(packages, scratch.resolve("second"));
    }
    progress.accept("Unpacking");
    return assemble(packages, files);
  }

  private void updateLists() throws IOException {
    progress.accept("Fetching the package lists for " + system.architecture());
    archive.update();
  }

  /** BusyBox, and all that the kernel consists of. */
  private List<ControlParagraph> packages() throws IOException {
    Map<String, ControlParagraph> found = new LinkedHashMap<>();
    found.put(BUSYBOX, archive.candidate(BUSYBOX));
    List<String> wanted = kernelParts(archive.candidate(system.kernelPackage()));
    while (!wanted.isEmpty()) {
      List<String> next = new ArrayList<>();
      for (String name : wanted) {
        if (!found.containsKey(name)) {
          ControlParagraph each = archive.candidate(name);
          found.put(name, each);
          next.addAll(kernelParts(each));
        }
      }
      wanted = next;
    }
    return List.copyOf(found.values());
  }

  private static List<String> kernelParts(ControlParagraph paragraph) {
    return paragraph.dependencies().stream().filter(KERNEL_PART.asMatchPredicate()).toList();
  }

  private List<Path> download(List<ControlParagraph> packages, Path into) throws IOException {
    for (ControlParagraph each : packages) {
      progress.accept(
          "Downloading %s %s (%.1f MB)".formatted(each.name(), each.version(), each.size() / 1e6));
    }
    return archive.download(packages, Files.createDirectory(into));
  }

  private Product assemble(List<ControlParagraph> packages, List<Path> files) throws IOException {
    List<DebianPackage> kernelPackages = new ArrayList<>();
    byte[] busybox = new byte[0];
    List<String> versions = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      ControlParagraph paragraph = packages.get(i);
      DebianPackage file = new DebianPackage(files.get(i));
      versions.add(paragraph.name() + " " + paragraph.version());
      if (paragraph.name().equals(BUSYBOX)) {
        busybox = find(List.of(file), Pattern.compile("(usr/)?bin/busybox"));
      } else {
        kernelPackages.add(file);
      }
    }
    KernelModules modules = KernelModules.gather(kernelPackages, MODULES);
    Pattern image =
        Pattern.compile(
            "boot/vmlinuz-.*|(usr/)?" + Pattern.quote(modules.directory()) + "/vmlinuz");
    byte[] kernel = find(kernelPackages, image);
    return new Product(
        modules.release(), kernel, initramfs(new BusyBox(busybox), modules), versions);
  }

  private static byte[] find(List<DebianPackage> packages, Pattern path) throws IOException {
    for (DebianPackage each : packages) {
      Optional<byte[]> found = each.find(path);
      if (found.isPresent()) {
        return found.get();
      }
    }
    throw new GuestException(
        packages.getFirst().file().getFileName()
            + " has no "
            + path
            + "; try again with --update.");
  }

  /** The file system that every guest has. */
  static Initramfs initramfs(BusyBox busybox, KernelModules modules) throws IOException {
    Initramfs root = new Initramfs();
    for (String directory : List.of("bin", "dev", "etc", "mnt", "proc", "run", "sbin", "sys")) {
      root.directory(directory, 0755);
    }
    root.directory("root", 0700);
    root.directory("tmp", 01777);
    root.characterDevice("dev/console", 0600, 5, 1);
    root.characterDevice("dev/null", 0666, 1, 3);
    root.file("etc/passwd", 0644, "root:x:0:0:root:/root:/bin/sh\n");
    root.file("etc/group", 0644, "root:x:0:\n");
    root.file("bin/busybox", 0755, busybox.program());
    for (String command : busybox.commands()) {
      if (!command.equals("busybox")) {
        root.link("bin/" + command, "busybox");
      }
    }
    // Where the kernel itself, and the first line of many scripts, look for them.
    root.link("sbin/modprobe", "../bin/busybox");
    root.link("usr/bin/env", "../../bin/busybox");
    for (KernelModule module : modules.all()) {
      root.file(module.path(), 0644, module.content());
    }
    root.file(modules.directory() + "/modules.dep", 0644, modules.dependencyFile());
    root.file(modules.directory() + "/modules.alias", 0644, modules.aliasFile());
    root.file("init", 0755, init());
    return root;
  }

  private static String init() throws IOException {
    try (InputStream in = Objects.requireNonNull(GuestBuilder.class.getResourceAsStream("init"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
