package dev.hindsight.cli.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dependencies among made-up modules. */
class KernelModulesTest {
  private static final String KERNEL = "lib/modules/9.9/kernel/";

  @TempDir private Path directory;

  private KernelModules gather(Map<String, byte[]> files, String... wanted) throws IOException {
    DebianPackage made = Packages.write(directory.resolve("k.deb"), "", files);
    return KernelModules.gather(List.of(made), List.of(wanted));
  }

  private static Map<String, byte[]> files(boolean wide) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(KERNEL + "a/top.ko", Packages.module(wide, "depends=left,right-one"));
    files.put(
        KERNEL + "left.ko.xz", Packages.compressed(".xz", Packages.module(wide, "depends=base")));
    files.put(
        KERNEL + "right-one.ko.zst",
        Packages.compressed(
            ".zst",
            Packages.module(wide, "softdep=post: other pre: sum-of", "depends=base,inside")));
    files.put(KERNEL + "base.ko", Packages.module(wide, "name=base", "depends="));
    files.put(KERNEL + "fast.ko", Packages.module(wide, "alias=sum-of", "alias=x*", "depends="));
    files.put(KERNEL + "other.ko", Packages.module(wide, "depends=nowhere"));
    files.put("lib/modules/9.9/modules.builtin", Packages.text("kernel/lib/inside.ko\n"));
    return files;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void takesWhatIsNeededInTheRightOrder(boolean wide) throws IOException {
    KernelModules modules = gather(files(wide), "top", "fast", "inside", "unheard_of");
    assertThat(modules.release()).isEqualTo("9.9");
    assertThat(modules.all())
        .extracting(KernelModule::name)
        .containsExactly("base", "fast", "left", "right_one", "top");
    assertThat(modules.loadingOrder("top")).containsExactly("base", "left", "fast", "right_one");
    assertThat(modules.dependencyFile())
        .isEqualTo(
            """
            kernel/base.ko:
            kernel/fast.ko:
            kernel/left.ko: kernel/base.ko
            kernel/right-one.ko: kernel/base.ko kernel/fast.ko
            kernel/a/top.ko: kernel/right-one.ko kernel/fast.ko kernel/left.ko kernel/base.ko
            """);
    assertThat(modules.aliasFile()).isEqualTo("alias sum-of fast\nalias x* fast\n");
    for (KernelModule module : modules.all()) {
      assertThat(module.path()).endsWith(".ko");
      assertThat(module.content()).startsWith(0x7F, 'E', 'L', 'F');
    }
  }

  @Test
  void aMissingDependencyIsAnError() throws IOException {
    Map<String, byte[]> files = files(true);
    assertThatThrownBy(() -> gather(files, "other"))
        .isInstanceOf(GuestException.class)
        .hasMessageContaining("lacks the module nowhere");
  }

  @Test
  void aPackageWithoutModulesIsAnError() {
    assertThatThrownBy(() -> gather(Map.of("bin/a", new byte[0]), "top"))
        .isInstanceOf(GuestException.class);
  }

  @Test
  void anyDamageIsAnErrorOfThePackage() {
    byte[] module = Packages.module(true, "depends=");
    for (int i = 0; i < module.length; i++) {
      byte[] damaged = module.clone();
      damaged[i] ^= (byte) 0x80;
      try {
        KernelModule.parse("x.ko", damaged);
      } catch (GuestException e) {
        assertThat(e).hasMessageStartingWith("x.ko is not a kernel module");
      }
    }
    assertThatThrownBy(() -> KernelModule.parse("x.ko", new byte[3]))
        .isInstanceOf(GuestException.class);
  }
}
