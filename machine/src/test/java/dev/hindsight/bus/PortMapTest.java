package dev.hindsight.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PortMapTest {
  private final PortMap ports = new PortMap();
  private final List<String> accesses = new ArrayList<>();

  @Test
  void nobodyAnswersWithOnes() {
    assertThat(ports.read(0x80, 1)).isEqualTo(0xFF);
    assertThat(ports.read(0x80, 2)).isEqualTo(0xFFFF);
    assertThat(ports.read(0xFFFF, 4)).isEqualTo(-1);
    ports.write(0x80, 4, 5);
    ports.map(0x80, 1, 1, new Recorder("a"));
    ports.unmap(0x80, 1);
    assertThat(ports.peek(0x80, 1)).isEqualTo(0xFF);
  }

  @Test
  void wideAccessesAreSplitAsTheDeviceWants() {
    ports.map(0x3F8, 8, 1, new Recorder("byte"));
    ports.map(0x1F0, 8, 4, new Recorder("wide"));
    ports.write(0x3F8, 2, 0xABCD);
    ports.write(0x1F0, 4, 0x8000_0001);
    ports.write(0x1F1, 2, 0x1234);
    assertThat(accesses)
        .containsExactly(
            "byte write 0 1 cd",
            "byte write 1 1 ab",
            "wide write 0 4 80000001",
            "wide write 1 1 34",
            "wide write 2 1 12");
  }

  @Test
  void anAccessMaySpanDevicesAndWrapAround() {
    ports.map(0xFFFE, 2, 2, new Recorder("top"));
    ports.map(0, 1, 1, new Recorder("bottom"));
    assertThat(ports.read(0xFFFE, 4)).isEqualTo(0xFF10_0010);
    assertThat(ports.peek(0xFFFF, 2)).isEqualTo(0x2021);
    assertThat(accesses)
        .containsExactly("top read 0 2", "bottom read 0 1", "top peek 1 1", "bottom peek 0 1");
  }

  private final class Recorder implements IoRegion {
    private final String name;

    Recorder(String name) {
      this.name = name;
    }

    @Override
    public long read(long offset, int bytes) {
      accesses.add("%s read %x %d".formatted(name, offset, bytes));
      return 0x10 + offset;
    }

    @Override
    public long peek(long offset, int bytes) {
      accesses.add("%s peek %x %d".formatted(name, offset, bytes));
      return 0x20 + offset;
    }

    @Override
    public void write(long offset, int bytes, long value) {
      accesses.add("%s write %x %d %x".formatted(name, offset, bytes, value));
    }
  }
}
