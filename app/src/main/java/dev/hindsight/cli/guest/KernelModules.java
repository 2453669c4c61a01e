package dev.hindsight.cli.guest;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Modules of one kernel with all that they depend on, and what modprobe wants to know of them. The
 * packages have no list of dependencies (depmod makes it when they are installed), so the modules
 * themselves are asked.
 */
final class KernelModules {
  private static final String DIRECTORY = "lib/modules/";

  private final NavigableMap<String, KernelModule> modules = new TreeMap<>();
  private final Set<String> builtIn = new TreeSet<>();
  private String release = "";

  private KernelModules() {}

  /**
   * Takes modules out of a kernel's packages.
   *
   * @param wanted names of modules; those that the kernel has built in or does not have are left
   *     out
   * @throws GuestException if the packages have no modules, or one that another depends on is
   *     missing
   */
  static KernelModules gather(List<DebianPackage> packages, Collection<String> wanted)
      throws IOException {
    KernelModules result = new KernelModules();
    Set<String> missing = new TreeSet<>(wanted);
    Set<String> sought = new TreeSet<>();
    // A pass finds what the modules of the one before depend on. Who names all at once needs one.
    while (!missing.isEmpty()) {
      for (DebianPackage each : packages) {
        result.take(each, missing);
      }
      sought.addAll(missing);
      missing = result.dependencies();
      missing.removeAll(result.builtIn);
      missing.removeAll(result.modules.keySet());
      for (String name : missing) {
        if (sought.contains(name)) {
          throw new GuestException("The kernel's package lacks the module " + name + ".");
        }
      }
    }
    if (result.release.isEmpty()) {
      throw new GuestException("The kernel's package has no modules; try again with --update.");
    }
    return result;
  }

  private void take(DebianPackage from, Set<String> names) throws IOException {
    from.visit((path, content) -> {
      String place = path.startsWith("usr/") ? path.substring(4) : path;
      int end = place.indexOf('/', DIRECTORY.length());
      if (place.startsWith(DIRECTORY) && end >= 0) {
        release = place.substring(DIRECTORY.length(), end);
        take(place, content, names);
      }
      return true;
    });
  }

  private void take(String path, InputStream content, Set<String> names) throws IOException {
    if (path.endsWith("/modules.builtin")) {
      new String(content.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .forEach(line -> builtIn.add(KernelModule.name(line)));
    } else if (path.contains(".ko") && names.contains(KernelModule.name(path))) {
      String plain = path.substring(0, path.lastIndexOf(".ko") + 3);
      ByteArrayInputStream file = new ByteArrayInputStream(content.readAllBytes());
      try (InputStream bytes = DebianPackage.decompressed(path, file)) {
        modules.put(KernelModule.name(path), KernelModule.parse(plain, bytes.readAllBytes()));
      }
    }
  }

  private Set<String> dependencies() {
    Set<String> names = new TreeSet<>();
    modules.values().forEach(module -> names.addAll(module.dependencies()));
    return names;
  }

  /** The kernel's release, as {@code uname -r} shows it. */
  String release() {
    return release;
  }

  /** The modules, by name. */
  Collection<KernelModule> all() {
    return modules.values();
  }

  /**
   * A module's dependencies in the order in which they can be loaded. A module that ought to be
   * loaded before (softdep) counts as one if it is here.
   */
  List<String> loadingOrder(String name) {
    Set<String> order = new LinkedHashSet<>();
    visit(name, order, new TreeSet<>());
    order.remove(name);
    return List.copyOf(order);
  }

  private void visit(String name, Set<String> order, Set<String> entered) {
    KernelModule module = modules.get(name);
    if (module == null || !entered.add(name)) {
      return;
    }
    for (String alias : module.softDependencies()) {
      for (KernelModule other : modules.values()) {
        if (other.name().equals(alias)
            || other.aliases().stream().map(KernelModule::normalized).anyMatch(alias::equals)) {
          visit(other.name(), order, entered);
        }
      }
    }
    module.dependencies().forEach(dependency -> visit(dependency, order, entered));
    order.add(name);
  }

  /** The contents of {@code modules.dep} (modules.dep(5)): what is loaded first comes last. */
  String dependencyFile() {
    StringBuilder text = new StringBuilder();
    for (KernelModule module : modules.values()) {
      text.append(relative(module)).append(':');
      for (String name : new ArrayList<>(loadingOrder(module.name())).reversed()) {
        KernelModule dependency = modules.get(name);
        if (dependency != null) {
          text.append(' ').append(relative(dependency));
        }
      }
      text.append('\n');
    }
    return text.toString();
  }

  /** The contents of {@code modules.alias}. */
  String aliasFile() {
    StringBuilder text = new StringBuilder();
    for (KernelModule module : modules.values()) {
      for (String alias : module.aliases()) {
        text.append("alias ").append(alias).append(' ').append(module.name()).append('\n');
      }
    }
    return text.toString();
  }

  /** The directory of the modules and their lists, such as {@code lib/modules/6.1.0}. */
  String directory() {
    return DIRECTORY + release;
  }

  private String relative(KernelModule module) {
    return module.path().substring(directory().length() + 1);
  }
}
