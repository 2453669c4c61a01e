package dev.hindsight;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Keeps the rules of the house: who may know whom, and what the wall of determinism forbids. */
class HouseRulesTest {
  private static final String ROOT = "dev.hindsight.";

  /** The rooms of this artifact, from top to bottom: an import may only point down. */
  private static final List<String> ROOMS =
      List.of(
          "timeline", "board", "device", "storage", "translator", "cpu", "x86", "bus", "memory");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.hindsight");

  private static String all(String room) {
    return ROOT + room + "..";
  }

  @Test
  void everythingLivesInARoom() {
    ArchRule rule =
        noClasses()
            .should()
            .resideOutsideOfPackages(
                ROOMS.stream().map(HouseRulesTest::all).toArray(String[]::new));
    rule.check(CLASSES);
  }

  @TestFactory
  List<DynamicTest> importsPointDown() {
    List<DynamicTest> tests = new ArrayList<>();
    for (int i = 1; i < ROOMS.size(); i++) {
      String room = ROOMS.get(i);
      String[] above = ROOMS.subList(0, i).stream().map(HouseRulesTest::all).toArray(String[]::new);
      tests.add(
          DynamicTest.dynamicTest(
              room + " imports nothing from above",
              () ->
                  noClasses()
                      .that()
                      .resideInAPackage(all(room))
                      .should()
                      .dependOnClassesThat()
                      .resideInAnyPackage(above)
                      .allowEmptyShould(true)
                      .check(CLASSES)));
    }
    return tests;
  }

  @Test
  void x86IsPure() {
    noClasses()
        .that()
        .resideInAPackage(all("x86"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(all("bus"), all("memory"))
        .check(CLASSES);
  }

  @Test
  void devicesKnowNeitherEachOtherNorTheCpu() {
    slices().matching(ROOT + "device.(*)..").should().notDependOnEachOther().check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage(all("device"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(all("cpu"), all("x86"), all("translator"))
        .check(CLASSES);
  }

  @Test
  void nobodyImportsTheTranslator() {
    noClasses()
        .that()
        .resideOutsideOfPackage(all("translator"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(all("translator"))
        .check(CLASSES);
  }

  /** Files are reached behind an interface only: this package implements it. */
  private static final DescribedPredicate<JavaClass> MACHINE =
      describe(
          "are part of the machine", c -> !c.getPackageName().startsWith(ROOT + "timeline.store"));

  @Test
  void noFilesSocketsOrThreads() {
    noClasses()
        .that(MACHINE)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                    "java.nio.file..", "java.net..", "java.util.concurrent..", "java.time..")
                .or(
                    describe(
                        "reach the host",
                        c ->
                            Set.of(
                                    "java.io.File",
                                    "java.io.FileInputStream",
                                    "java.io.FileOutputStream",
                                    "java.io.RandomAccessFile",
                                    "java.lang.Thread",
                                    "java.lang.ThreadLocal",
                                    "java.lang.Process",
                                    "java.lang.ProcessBuilder",
                                    "java.lang.Runtime",
                                    "java.util.Random",
                                    "java.util.UUID",
                                    "java.util.Date",
                                    "java.util.IdentityHashMap",
                                    "java.util.WeakHashMap",
                                    "java.security.SecureRandom")
                                .contains(c.getName()))))
        .check(CLASSES);
  }

  private static final Set<String> FORBIDDEN_CALLS =
      Set.of(
          "java.lang.System.nanoTime",
          "java.lang.System.currentTimeMillis",
          "java.lang.System.identityHashCode",
          "java.lang.System.getenv",
          "java.lang.System.getProperty",
          "java.lang.Math.random",
          "java.lang.Object.hashCode");

  @Test
  void noHostTimeRandomnessOrIdentityHashes() {
    noClasses()
        .should()
        .callMethodWhere(
            describe(
                "depends on the host",
                (JavaCall<?> call) ->
                    FORBIDDEN_CALLS.contains(
                        call.getTargetOwner().getName() + "." + call.getName())))
        .check(CLASSES);
  }

  @Test
  void noIterationOverHashMaps() {
    Set<String> iterating = Set.of("keySet", "values", "entrySet", "forEach", "iterator", "stream");
    noClasses()
        .should()
        .callMethodWhere(
            describe(
                "iterates over a map or set in an order that may differ",
                (JavaCall<?> call) ->
                    Set.of(
                                "java.util.Map",
                                "java.util.HashMap",
                                "java.util.HashSet",
                                "java.util.concurrent.ConcurrentHashMap")
                            .contains(call.getTargetOwner().getName())
                        && iterating.contains(call.getName())))
        .check(CLASSES);
  }

  @Test
  void noStaticMutableState() {
    fields().that().haveModifier(JavaModifier.STATIC).should().beFinal().check(CLASSES);
  }

  @Test
  void noUnsafe() {
    noClasses().should().dependOnClassesThat().haveNameMatching(".*\\.Unsafe").check(CLASSES);
  }
}
