package dev.hindsight.board.firmware;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.board.Chipset;
import dev.hindsight.board.InterpreterFactory;
import dev.hindsight.board.Machine;
import dev.hindsight.board.Outcome;
import dev.hindsight.board.PcChipset;
import dev.hindsight.board.Sockets;
import dev.hindsight.bus.InterruptLine;
import dev.hindsight.bus.IoRegion;
import dev.hindsight.bus.pci.BarWindow;
import dev.hindsight.bus.pci.BaseAddressRegister;
import dev.hindsight.bus.pci.BaseAddressRegister.Kind;
import dev.hindsight.bus.pci.ConfigurationSpace;
import dev.hindsight.bus.pci.PciFunction;
import dev.hindsight.bus.pci.PciIdentity;
import dev.hindsight.device.pci.HostBridge;
import dev.hindsight.device.pci.IsaBridge;
import dev.hindsight.device.pic.DualPic;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What PCI functions look like when a kernel begins. */
class PciSetupTest {
  private static final IoRegion NOTHING =
      new IoRegion() {
        @Override
        public long read(long offset, int bytes) {
          return peek(offset, bytes);
        }

        @Override
        public long peek(long offset, int bytes) {
          return 0;
        }

        @Override
        public void write(long offset, int bytes, long value) {}
      };

  private record Function(ConfigurationSpace configurationSpace) implements PciFunction {
    static Function of(int interruptPin, BaseAddressRegister... bars) {
      ConfigurationSpace space =
          new ConfigurationSpace(
              new PciIdentity(0x1234, 1, 0xFF0000, 0, 0, 0, interruptPin),
              InterruptLine.UNCONNECTED);
      for (BaseAddressRegister bar : bars) {
        space.addBar(bar);
      }
      return new Function(space);
    }

    List<String> decoded() {
      return windows().stream().map(Function::toText).toList();
    }

    private static String toText(BarWindow w) {
      return "%d: %s %x".formatted(w.bar().index(), w.isIo() ? "port" : "memory", w.address());
    }

    int interruptLine() {
      return (int) configurationSpace.peek(0x3C, 1);
    }
  }

  private static BaseAddressRegister bar(int index, Kind kind, long size) {
    return new BaseAddressRegister(index, kind, size, 4, NOTHING);
  }

  @Test
  void everyFunctionGetsAddressesAndAnInterrupt() {
    Function none = Function.of(0);
    Function all =
        Function.of(
            1,
            bar(0, Kind.IO, 32),
            bar(1, Kind.MEMORY_32, 16),
            bar(2, Kind.MEMORY_64, 1 << 20),
            bar(5, Kind.MEMORY_32, 4096));
    Function second = Function.of(4, bar(5, Kind.IO, 256));
    Function last = Function.of(1, bar(0, Kind.MEMORY_64, 1 << 24), bar(4, Kind.MEMORY_64, 16));
    IsaBridge isa = new IsaBridge("isa", Collections.nCopies(16, InterruptLine.UNCONNECTED));
    DualPic pic = new DualPic("pic", InterruptLine.UNCONNECTED);
    Chipset chips =
        new Chipset() {
          @Override
          public String name() {
            return "pci";
          }

          @Override
          public void install(Sockets s) {
            HostBridge host = new HostBridge("host");
            s.add(host);
            s.add(isa);
            s.add(pic);
            s.ports().map(0xCF8, HostBridge.ADDRESS_LENGTH, 4, host.address());
            s.ports().map(0xCFC, HostBridge.DATA_LENGTH, 4, host.data());
            s.ports().map(0x4D0, 2, 1, pic.elcr());
            host.attach(1, 0, isa);
            host.attach(2, 0, none);
            host.attach(5, 0, all);
            host.attach(5, 3, second);
            host.attach(31, 7, last);
          }
        };
    try (Machine machine =
        Machine.builder()
            .chipset(chips)
            .engine(new InterpreterFactory())
            .image(ResetRom.image(1, ResetRomTest.POWER_OFF))
            .build()) {
      assertThat(machine.run(1_000_000)).isEqualTo(Outcome.IDLE);
    }
    assertThat(none.decoded()).isEmpty();
    assertThat(none.interruptLine()).isZero();
    assertThat(all.decoded())
        .containsExactly(
            "0: port c000", "1: memory c0000000", "2: memory c0100000", "5: memory c0200000");
    assertThat(all.interruptLine()).isEqualTo(11);
    assertThat(second.decoded()).containsExactly("5: port c100");
    assertThat(second.interruptLine()).isEqualTo(10);
    assertThat(last.decoded()).containsExactly("0: memory c1000000", "4: memory c2000000");
    assertThat(last.interruptLine()).isEqualTo(11);
    assertThat(isa.configurationSpace().peek(0x60, 4)).isEqualTo(0x0B0A_0B0AL);
    assertThat(pic.elcr().peek(1, 1)).isEqualTo(0x0C);
  }

  @Test
  void theDevicesOfAPcAnswer() {
    try (Machine machine =
        Machine.builder()
            .chipset(new PcChipset())
            .engine(new InterpreterFactory())
            .image(ResetRom.image(1, ResetRomTest.POWER_OFF))
            .build()) {
      assertThat(machine.run(1_000_000)).isEqualTo(Outcome.POWERED_OFF);
      List<String> addresses =
          machine.devices().stream()
              .filter(d -> d instanceof PciFunction)
              .flatMap(d -> ((PciFunction) d).windows().stream())
              .map(w -> Long.toHexString(w.address()))
              .toList();
      assertThat(addresses).containsExactly("c0000000", "c0001000", "c0002000", "c0003000");
    }
  }
}
