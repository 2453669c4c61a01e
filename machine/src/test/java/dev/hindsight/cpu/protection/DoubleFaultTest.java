package dev.hindsight.cpu.protection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.cpu.Activity;
import dev.hindsight.cpu.GeneralRegisters;
import dev.hindsight.cpu.GuestFault;
import dev.hindsight.cpu.Vector;
import dev.hindsight.memory.GuestRam;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Exceptions on the way to the handler of an exception or interrupt: every pair. */
class DoubleFaultTest {
  private static final int ABSENT_PAGE = 0x40_0000;
  private static final int INTR = 0x30;

  private final GuestRam ram = ProtectedMachine.ram();
  private final ProtectedMachine machine = new ProtectedMachine(ram);

  @AfterEach
  void close() {
    ram.close();
  }

  private static int number(String name) {
    return name.equals("INTR") ? INTR : Vector.valueOf(name).number();
  }

  private static int handler(int vector) {
    return ProtectedMachine.TARGET + 4 * vector;
  }

  @Test
  void everyPair() {
    List<String[]> rows = TextTable.load("double-faults.txt");
    String[] columns = rows.removeFirst();
    Tally tally = new Tally();
    for (String[] row : rows) {
      for (int i = 1; i < row.length; i++) {
        tally.check(row[0] + " then " + columns[i], row[i], pair(row[0], columns[i], Set.of()));
      }
    }
    tally.finish(95);
  }

  @Test
  void thirdFaults() {
    assertThat(pair("GP", "NP", Set.of("DF"))).isEqualTo("shutdown");
    assertThat(pair("PF", "GP", Set.of("DF"))).isEqualTo("shutdown");
    assertThat(pair("UD", "GP", Set.of("GP"))).isEqualTo("DF");
    assertThat(pair("UD", "PF", Set.of("PF"))).isEqualTo("DF");
    assertThat(pair("UD", "GP", Set.of("GP", "DF"))).isEqualTo("shutdown");
    assertThat(pair("GP", "PF", Set.of("PF"))).isEqualTo("DF");
    assertThat(pair("INTR", "NP", Set.of("NP"))).isEqualTo("DF");
  }

  /** The handler that is reached in the end; {@code broken} are gates that are not present. */
  private String pair(String first, String second, Set<String> broken) {
    machine.longMode(0);
    machine.cpu.ldtr().set(ProtectedMachine.LDT_SELECTOR, ABSENT_PAGE, 0xFFFF, 0x82, 0);
    machine.cpu.tr().limit(0x50);
    for (int v = 0; v < 0x40; v++) {
      machine.vector(v, ProtectedMachine.CODE_SELECTOR, handler(v), 0x8E, 1);
    }
    for (String b : broken) {
      machine.vector(number(b), ProtectedMachine.CODE_SELECTOR, 0, 0x0E, 1);
    }
    int v = number(first);
    int selector = ProtectedMachine.CODE_SELECTOR;
    switch (second) {
      case "TS" -> machine.vector(v, selector, handler(v), 0x8E, 7);
      case "NP" -> machine.vector(v, selector, handler(v), 0x0E, 1);
      case "GP" -> machine.vector(v, selector, handler(v), 0x85, 1);
      case "PF" -> machine.vector(v, 0x24, handler(v), 0x8E, 1);
      default -> {
        machine.vector(v, selector, handler(v), 0x8E, 0);
        machine.cpu.general().set64(GeneralRegisters.RSP, 0x9000_0000_0000L);
      }
    }
    switch (first) {
      case "INTR" -> InterruptDelivery.external(machine.cpu, INTR);
      case "NMI" -> InterruptDelivery.nonMaskable(machine.cpu);
      case "PF" -> InterruptDelivery.fault(machine.cpu, GuestFault.page(2, 0x1234));
      default ->
          InterruptDelivery.fault(
              machine.cpu,
              GuestFault.of(
                  Vector.valueOf(first), Vector.valueOf(first).hasErrorCode() ? 0x18 : 0));
    }
    if (second.equals("PF")) {
      assertThat(machine.cpu.control().cr2()).isEqualTo(ABSENT_PAGE + 0x20);
    } else if (first.equals("PF")) {
      assertThat(machine.cpu.control().cr2()).isEqualTo(0x1234);
    }
    if (machine.cpu.activity() == Activity.SHUTDOWN) {
      return "shutdown";
    }
    for (Vector reached : Vector.values()) {
      if (machine.cpu.rip() == handler(reached.number())) {
        checkErrorCode(reached, v, first);
        return reached.name();
      }
    }
    return "RIP " + Long.toHexString(machine.cpu.rip());
  }

  private void checkErrorCode(Vector reached, int vector, String first) {
    long pushed = machine.read(machine.cpu.general().get64(GeneralRegisters.RSP), 8);
    int ext = 1;
    switch (reached) {
      case DF -> assertThat(pushed).isZero();
      case TS -> assertThat(pushed).isEqualTo(ProtectedMachine.TSS_SELECTOR | ext);
      case NP, GP -> assertThat(pushed).as(first).isEqualTo(vector << 3 | 2 | ext);
      case SS -> assertThat(pushed).isEqualTo(ext);
      default -> assertThat(pushed).as("%s after %s", reached, first).isZero();
    }
  }

  @Test
  void nonMaskableInterruptsStayBlockedUntilIret() {
    machine.longMode(0);
    machine.vector(2, ProtectedMachine.CODE_SELECTOR, ProtectedMachine.TARGET, 0x8E, 0);
    InterruptDelivery.nonMaskable(machine.cpu);
    assertThat(machine.cpu.rip()).isEqualTo(ProtectedMachine.TARGET);
    assertThat(machine.cpu.events().nmiBlocked()).isTrue();
    assertThat(machine.execute(0x48, 0xCF)).isEqualTo("ok");
    assertThat(machine.cpu.rip()).isEqualTo(ProtectedMachine.CODE);
    assertThat(machine.cpu.events().nmiBlocked()).isFalse();
  }
}
