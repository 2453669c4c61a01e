package dev.hindsight;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The rules of the house for the rooms of this artifact. */
class InsightHouseRulesTest {
  private static final String ROOT = "dev.hindsight.";

  /** From top to bottom: an import may only point down; those of the library are below. */
  private static final List<String> ROOMS = List.of("assertion", "gdb", "guest");

  private static final List<String> BELOW =
      List.of(
          "timeline", "board", "device", "storage", "translator", "cpu", "x86", "bus", "memory");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.hindsight");

  private static String[] all(List<String> rooms) {
    return rooms.stream().map(room -> ROOT + room + "..").toArray(String[]::new);
  }

  @Test
  void everythingLivesInARoom() {
    List<String> rooms = Stream.concat(ROOMS.stream(), BELOW.stream()).toList();
    noClasses().should().resideOutsideOfPackages(all(rooms)).check(CLASSES);
  }

  @TestFactory
  List<DynamicTest> importsPointDown() {
    List<DynamicTest> tests = new ArrayList<>();
    for (int i = 1; i < ROOMS.size(); i++) {
      List<String> above = ROOMS.subList(0, i);
      String room = ROOMS.get(i);
      tests.add(
          DynamicTest.dynamicTest(
              room + " imports nothing from above",
              () ->
                  noClasses()
                      .that()
                      .resideInAPackage(ROOT + room + "..")
                      .should()
                      .dependOnClassesThat()
                      .resideInAnyPackage(all(above))
                      .allowEmptyShould(true)
                      .check(CLASSES)));
    }
    return tests;
  }

  @Test
  void nobodyImportsTheTranslator() {
    noClasses()
        .that()
        .resideInAnyPackage(all(ROOMS))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + "translator..")
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
