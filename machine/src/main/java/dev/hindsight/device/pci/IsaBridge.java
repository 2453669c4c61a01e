package dev.hindsight.device.pci;

import dev.hindsight.bus.Device;
import dev.hindsight.bus.InterruptLine;
import dev.hindsight.bus.pci.ConfigurationSpace;
import dev.hindsight.bus.pci.PciFunction;
import dev.hindsight.bus.pci.PciIdentity;
import java.util.List;

/**
 * An ISA bridge as in the PIIX3: it routes the interrupt pins of PCI devices, PIRQA# to PIRQD#, to
 * inputs of the 8259s, as its PIRQ route control registers (60h to 63h) say. The inputs should be
 * set to level-triggered, which is done elsewhere (ELCR).
 *
 * <p>All other registers of its own keep what is written and do nothing.
 */
public final class IsaBridge implements Device<IsaBridge.State>, PciFunction {
  /** Number of interrupt inputs from PCI. */
  public static final int PIRQS = 4;

  /** Inputs of the 8259s. */
  public static final int ISA_IRQS = 16;

  private static final int ISA_RECOVERY_TIMER = 0x4C;
  private static final int X_BUS_CHIP_SELECT = 0x4E;
  private static final int PIRQ_ROUTE = 0x60;
  private static final int TOP_OF_MEMORY = 0x69;
  private static final int ROUTE_DISABLED = 0x80;
  private static final int ROUTE_IRQ = 0x0F;

  /** ISA interrupts that a PIRQ can be routed to: 3 to 7, 9 to 12, 14 and 15. */
  private static final int ROUTABLE = 0b1101_1110_1111_1000;

  private static final int SOURCES = Integer.SIZE;

  private static final PciIdentity IDENTITY = new PciIdentity(0x8086, 0x7000, 0x060100, 0, 0, 0, 0);

  private final String name;
  private final List<InterruptLine> isaIrqs;
  private final ConfigurationSpace space =
      new ConfigurationSpace(IDENTITY, InterruptLine.UNCONNECTED);
  private final int[] sources = new int[PIRQS];
  private final int[] asserted = new int[PIRQS];
  private int driven;

  /**
   * An ISA bridge.
   *
   * @param isaIrqs the inputs of the 8259s, 16 of them; those that no PIRQ can be routed to are
   *     never driven
   */
  public IsaBridge(String name, List<InterruptLine> isaIrqs) {
    if (isaIrqs.size() != ISA_IRQS) {
      throw new IllegalArgumentException("there are " + ISA_IRQS + " ISA interrupts");
    }
    this.name = name;
    this.isaIrqs = List.copyOf(isaIrqs);
    // I/O, memory and bus mastering are always on
    space.define(0x04, 2, 0x0007, 0x0108);
    space.define(0x06, 2, 0x0200, 0);
    for (int offset = ConfigurationSpace.DEVICE_SPECIFIC;
        offset < ConfigurationSpace.LENGTH;
        offset++) {
      space.define(offset, 1, 0, 0xFF);
    }
    space.define(ISA_RECOVERY_TIMER, 1, 0x4D, 0xFF);
    space.define(X_BUS_CHIP_SELECT, 2, 0x0003, 0xFFFF);
    space.define(TOP_OF_MEMORY, 1, 0x02, 0xFF);
    for (int n = 0; n < PIRQS; n++) {
      space.define(PIRQ_ROUTE + n, 1, ROUTE_DISABLED, ROUTE_DISABLED | ROUTE_IRQ);
    }
    space.whenWritten(this::update);
  }

  /**
   * The whole state.
   *
   * @param asserted for each PIRQ, bit n is the level of its n-th source
   */
  public record State(ConfigurationSpace.State space, int[] asserted) {}

  /**
   * A new source of a PIRQ. All sources of one are wired together: it is asserted while any of them
   * is. To be called while the machine is put together.
   *
   * @param n 0 to 3 for PIRQA# to PIRQD#
   * @return the source; high is asserted (the wire is low)
   * @throws IllegalStateException if there are 32 already
   */
  public InterruptLine pirq(int n) {
    if (sources[n] == SOURCES) {
      throw new IllegalStateException("too many devices at an interrupt");
    }
    int bit = 1 << sources[n]++;
    return level -> {
      asserted[n] = level ? asserted[n] | bit : asserted[n] & ~bit;
      update();
    };
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Class<State> stateType() {
    return State.class;
  }

  /** As at power-on, but for the levels of the PIRQs, which their sources know. */
  @Override
  public void reset() {
    space.reset();
    update();
  }

  @Override
  public State save() {
    return new State(space.save(), asserted.clone());
  }

  @Override
  public void load(State state) {
    space.load(state.space());
    System.arraycopy(state.asserted(), 0, asserted, 0, PIRQS);
    update();
  }

  @Override
  public ConfigurationSpace configurationSpace() {
    return space;
  }

  private void update() {
    int levels = 0;
    for (int n = 0; n < PIRQS; n++) {
      int route = (int) space.peek(PIRQ_ROUTE + n, 1);
      if (asserted[n] != 0 && (route & ROUTE_DISABLED) == 0) {
        levels |= 1 << (route & ROUTE_IRQ) & ROUTABLE;
      }
    }
    int changed = levels ^ driven;
    driven = levels;
    for (int irq = 0; irq < ISA_IRQS; irq++) {
      if ((changed >>> irq & 1) != 0) {
        isaIrqs.get(irq).set((levels >>> irq & 1) != 0);
      }
    }
  }
}
