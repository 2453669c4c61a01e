package dev.hindsight.cli.ask;

import dev.hindsight.cpu.Stops;
import dev.hindsight.cpu.Vcpu;
import dev.hindsight.timeline.PhysicalRanges;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which bytes of memory a question is about: what is typed behind its name. */
final class MemoryRange {
  @Parameters(
      index = "0",
      paramLabel = "ADDR[:LEN]",
      converter = Addresses.Converter.class,
      description = "Linear address, and number of bytes.")
  private Addresses addresses = new Addresses(0, OptionalInt.empty());

  @Option(names = "--physical", description = "It is a physical address.")
  private boolean physical;

  /** Nothing was typed yet. */
  MemoryRange() {}

  /** A range that was typed elsewhere. */
  MemoryRange(Addresses addresses, boolean physical) {
    this.addresses = addresses;
    this.physical = physical;
  }

  /** Address of the first byte. */
  long start() {
    return addresses.start();
  }

  /**
   * Number of bytes.
   *
   * @param usual how many there are if nobody said
   */
  int length(int usual) {
    return addresses.length().orElse(usual);
  }

  /** Where a byte of it is in physical memory; empty if no page is mapped there. */
  OptionalLong physical(Vcpu cpu, long address) {
    return physical ? OptionalLong.of(address) : cpu.memory().look(address);
  }

  /**
   * Writes to the physical memory that it means at present.
   *
   * @param cpu whose address space it is in
   * @param usual as for {@link #length}
   * @return empty if no page is mapped there
   */
  List<Stops.Range> writes(Vcpu cpu, int usual) {
    return physical
        ? List.of(new Stops.Range(true, start(), length(usual), Stops.Access.WRITE))
        : PhysicalRanges.of(cpu, start(), length(usual), Stops.Access.WRITE);
  }
}
