package dev.hindsight.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.board.Machine;
import dev.hindsight.bus.World;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Changes as a log has them, and logs with changes that nobody made. */
class InterventionFormatTest {
  private static final Edit WRITE = new Edit.Memory(1L << 40, new byte[] {0, -1, 77});
  private static final Edit REGISTER = new Edit.Register(63, VcpuRegister.vector(15, 3), -1);

  private static Machine machine() {
    return ReaderMachine.machine(World.EMPTY, 2);
  }

  private static Recording recording(List<Intervention> interventions, Consumer<byte[]> change)
      throws IOException {
    MemoryStore store = new MemoryStore();
    try (Machine machine = machine()) {
      store.write(
          Recording.DESCRIPTION,
          DescriptionFormat.write(machine.description(), Sources.NONE, Optional.empty()));
    }
    try (LogWriter log = new LogWriter(store.append(Recording.LOG), 1000, 0)) {
      for (Intervention intervention : interventions) {
        log.intervention(intervention);
      }
    }
    byte[] log = store.read(Recording.LOG);
    change.accept(log);
    store.write(Recording.LOG, RecordingFuzz.withChecksums(Recording.LOG, log));
    return Recording.read(store);
  }

  private static Recording recording(Intervention... interventions) throws IOException {
    return recording(List.of(interventions), log -> {});
  }

  @Test
  void areReadAsTheyWereWritten() throws IOException {
    List<Intervention> all =
        List.of(
            new Intervention(0, 0, List.of(REGISTER)),
            new Intervention(0, 0, List.of(WRITE, REGISTER, WRITE)),
            new Intervention(5, Long.MAX_VALUE, List.of(WRITE)),
            new Intervention(
                TickFormat.LAST, Long.MAX_VALUE, List.of(new Edit.Memory(0, new byte[5000]))));
    Recording read = recording(all, log -> {});
    assertThat(read.damage()).isEmpty();
    assertThat(read.interventions()).isEqualTo(all);
    assertThat(read.lastTick()).isEqualTo(TickFormat.LAST);
    assertThat(List.of(WRITE, REGISTER)).doesNotHaveDuplicates().doesNotContain((Edit) null);
    assertThat(WRITE).hasToString("Memory[address=0x10000000000, bytes=[0, -1, 77]]");
    assertThatThrownBy(() -> new Intervention(0, 0, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** What no release could have written is damage; what precedes it counts. */
  @Test
  void whatMakesNoSenseIsDamage() throws IOException {
    Intervention good = new Intervention(7, 7, List.of(WRITE));
    Intervention bad =
        new Intervention(
            9, 9, List.of(new Edit.Register(0, VcpuRegister.RIP, 0x1122_3344_5566_7788L)));
    // tick, steps, type, vCPU, register
    isDamage(good, bad, 2, 3, "There is a change that this release does not know.");
    isDamage(good, bad, 4, 36, "There is no register with the number 36.");
    isDamage(good, bad, 4, 0x90, "There is no register with the number 144.", 1);
    isDamage(good, bad, 2, 2, "There is a change that this release does not know.", 0, 1, 5);
    Intervention write = new Intervention(9, 9, List.of(new Edit.Memory(1, new byte[] {9, 8, 7})));
    // tick, steps, type, address, length
    isDamage(good, write, 4, 4, "A list is longer than the rest of the data.");
    isDamage(good, write, 4, 0, "A write to memory has one byte at least.");
    // the steps of both are more than there are numbers
    Recording read =
        recording(
            List.of(new Intervention(0, Long.MAX_VALUE, List.of(WRITE)), bad2(Long.MAX_VALUE)),
            log -> log[log.length - Chunk.CHECKSUM_BYTES - 5] = 1);
    assertThat(read.interventions()).hasSize(1);
    assertThat(read.damage().orElseThrow()).endsWith("A number is too large.");
  }

  private static Intervention bad2(long steps) {
    return new Intervention(0, steps, List.of(new Edit.Memory(0, new byte[] {1})));
  }

  private static void isDamage(
      Intervention good, Intervention bad, int at, int value, String why, int... more)
      throws IOException {
    Recording read =
        recording(
            List.of(good, bad),
            log -> {
              // the second chunk begins with its head of one byte
              int length = bad.edits().getFirst() instanceof Edit.Memory ? 8 : 13;
              int start = log.length - Chunk.CHECKSUM_BYTES - length;
              log[start + at] = (byte) value;
              for (int i = 0; i < more.length; i++) {
                log[start + at + 1 + i] = (byte) more[i];
              }
            });
    assertThat(read.interventions()).containsExactly(good);
    assertThat(read.damage().orElseThrow())
        .startsWith("The log is damaged from byte")
        .endsWith(why);
  }

  @Test
  void changesThatCannotBeMadeAreRefused() throws IOException {
    refuses("no CPU 2.", new Edit.Register(2, VcpuRegister.RIP, 0));
    refuses("no CPU 2147483647.", new Edit.Register(Integer.MAX_VALUE, VcpuRegister.RIP, 0));
    refuses("no RAM", new Edit.Memory((1 << 20) - 1, new byte[2]));
    refuses("no RAM", new Edit.Memory(0xFFFF_F000L, new byte[1]));
    refuses("no RAM", new Edit.Memory(Long.MAX_VALUE, new byte[9]));
  }

  private static void refuses(String why, Edit edit) throws IOException {
    Recording read = recording(new Intervention(0, 0, List.of(edit)));
    assertThat(read.damage()).isEmpty();
    try (Machine machine = machine()) {
      assertThatThrownBy(() -> new Replay(machine, read))
          .isInstanceOf(RecordingException.class)
          .hasMessageStartingWith("The recording has changes that cannot be made: ")
          .hasMessageContaining(why)
          .hasMessageEndingWith(".");
    }
  }

  /** Instants that the machine never comes to, and values that it does not take there. */
  @Test
  void instantsThatDoNotExistAreDifferences() throws IOException {
    Edit edit = new Edit.Memory(0, new byte[1]);
    Intervention last = new Intervention(900_000, 1_000_000, List.of(edit));
    differs("after 5 steps", new Intervention(0, 5, List.of(edit)), last);
    differs("after 0 steps", new Intervention(700_000, 0, List.of(edit)), last);
    differs(
        "The register cr0 does not take",
        new Intervention(0, 0, List.of(new Edit.Register(0, VcpuRegister.CR0, 1L << 31))),
        last);
    differs(
        "after " + Long.MAX_VALUE + " steps",
        new Intervention(3, Long.MAX_VALUE, List.of(edit)),
        new Intervention(900_000, Long.MAX_VALUE, List.of(edit)));
  }

  private static void differs(String why, Intervention... interventions) throws IOException {
    Recording read = recording(interventions);
    assertThat(read.damage()).isEmpty();
    try (Machine machine = machine()) {
      assertThatThrownBy(() -> new Replay(machine, read).run())
          .isInstanceOf(ReplayDifference.class)
          .hasMessageContaining(why)
          .hasMessageEndingWith(".");
    }
  }

  @Test
  void sizes() throws IOException {
    CompactWriter out = new CompactWriter();
    new InterventionFormat()
        .write(
            new Intervention(1, 1, List.of(new Edit.Register(0, VcpuRegister.RIP, -1))),
            new TickFormat(10),
            out);
    assertThat(out.size()).isEqualTo(13);
    assertThat(Arrays.copyOf(out.toBytes(), 5)).containsExactly(1, 1, 1, 0, 16);
  }
}
