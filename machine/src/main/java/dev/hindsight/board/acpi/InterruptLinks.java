package dev.hindsight.board.acpi;

import static dev.hindsight.board.acpi.Aml.integer;
import static dev.hindsight.board.acpi.Aml.method;
import static dev.hindsight.board.acpi.Aml.name;
import static dev.hindsight.board.acpi.AmlCode.and;
import static dev.hindsight.board.acpi.AmlCode.argument;
import static dev.hindsight.board.acpi.AmlCode.decrement;
import static dev.hindsight.board.acpi.AmlCode.findSetRightBit;
import static dev.hindsight.board.acpi.AmlCode.local;
import static dev.hindsight.board.acpi.AmlCode.or;
import static dev.hindsight.board.acpi.AmlCode.otherwise;
import static dev.hindsight.board.acpi.AmlCode.returns;
import static dev.hindsight.board.acpi.AmlCode.shiftLeft;
import static dev.hindsight.board.acpi.AmlCode.store;
import static dev.hindsight.board.acpi.AmlCode.when;
import static dev.hindsight.board.acpi.AmlCode.wordField;

import dev.hindsight.board.acpi.Aml.Field;
import java.util.ArrayList;
import java.util.List;

/**
 * The four PCI interrupt links LNKA to LNKD: which IRQ of the 8259s each line drives is chosen by
 * the PIRQ route control registers of the ISA bridge, at 60h to 63h of its configuration space
 * (Intel 82371SB (PIIX3) data sheet, 2.2.9). Bit 7 disables a line, bits 3 to 0 are the IRQ.
 */
final class InterruptLinks {
  private static final int ROUTE_CONTROL = 0x60;
  private static final int LINKS = 4;
  private static final int DISABLED = 0x80;
  private static final int IRQ = 0x0F;

  /** IRQ 5, 10 and 11, which nothing of ISA uses here. */
  private static final int POSSIBLE = 1 << 5 | 1 << 10 | 1 << 11;

  private static final int PRESENT = 0x9;
  private static final int PRESENT_AND_ENABLED = 0xB;

  private InterruptLinks() {}

  /** Absolute path of a link, 0 to 3. */
  static String pathOf(int link) {
    return "\\_SB." + segment(link);
  }

  private static String segment(int link) {
    return "LNK" + (char) ('A' + link);
  }

  private static Aml register(int link) {
    return Aml.path("\\_SB.PCI0.ISA.PRQ" + (char) ('A' + link));
  }

  /** The registers, for the scope of the ISA bridge. */
  static List<Aml> registers() {
    return List.of(
        Aml.region("PIRQ", Aml.Space.PCI_CONFIGURATION, ROUTE_CONTROL, LINKS),
        Aml.fields(
            "PIRQ",
            new Field("PRQA", 8),
            new Field("PRQB", 8),
            new Field("PRQC", 8),
            new Field("PRQD", 8)));
  }

  /** The links, for the scope of the system bus. */
  static List<Aml> devices() {
    List<Aml> devices = new ArrayList<>();
    devices.add(status());
    devices.add(current());
    for (int link = 0; link < LINKS; link++) {
      devices.add(link(link));
    }
    return devices;
  }

  /** The status of a link whose register has a value. */
  private static Aml status() {
    return method(
        "LSTA",
        1,
        when(and(argument(0), integer(DISABLED)), returns(integer(PRESENT))),
        returns(integer(PRESENT_AND_ENABLED)));
  }

  /** The resources of a link whose register has a value. */
  private static Aml current() {
    return method(
        "LCRS",
        1,
        store(new ResourceTemplate().sharedIrqs(0).buffer(), local(0)),
        wordField(local(0), ResourceTemplate.IRQ_MASK, "LIRQ"),
        when(and(argument(0), integer(DISABLED)), store(integer(0), Aml.path("LIRQ"))),
        otherwise(store(shiftLeft(integer(1), and(argument(0), integer(IRQ))), Aml.path("LIRQ"))),
        returns(local(0)));
  }

  private static Aml link(int link) {
    Aml register = register(link);
    return Aml.device(
        segment(link),
        name("_HID", Aml.eisaId("PNP0C0F")),
        name("_UID", integer(link + 1L)),
        name("_PRS", new ResourceTemplate().sharedIrqs(POSSIBLE).buffer()),
        method("_STA", 0, returns(AmlCode.call("LSTA", register))),
        method("_CRS", 0, returns(AmlCode.call("LCRS", register))),
        method("_DIS", 0, store(or(register, integer(DISABLED)), register)),
        method(
            "_SRS",
            1,
            wordField(argument(0), ResourceTemplate.IRQ_MASK, "SIRQ"),
            store(findSetRightBit(Aml.path("SIRQ")), local(0)),
            when(local(0), decrement(local(0)), store(local(0), register))));
  }
}
