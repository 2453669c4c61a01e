package dev.hindsight.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.bus.Device;
import dev.hindsight.bus.state.RecordCodec;
import dev.hindsight.bus.state.StateHash;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every device promises, whatever it is; the devices are the rows of {@link DeviceRow}. */
class DeviceContractTest {
  private static final int ROUNDS = 400;
  private static final int[] SIZES = {1, 2, 4, 8};

  private static byte[] randomBytes(SplittableRandom random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static <S extends Record> byte[] state(Device<S> device) {
    return RecordCodec.of(device.stateType()).encode(device.save());
  }

  private static String text(Device<?> device) {
    return HexFormat.of().formatHex(state(device));
  }

  /** Makes the second device what the first one is, through the bytes that go to disk. */
  private static <S extends Record> void copy(Device<S> from, Device<?> to) {
    loadBytes(to, state(from));
  }

  private static <S extends Record> void loadBytes(Device<S> device, byte[] bytes) {
    device.load(RecordCodec.of(device.stateType()).decode(bytes));
  }

  /** A device after random traffic, and its rig. */
  private record Used(Rig rig, Subject subject) {
    static Used create(DeviceRow row, SplittableRandom random) {
      Rig rig = new Rig();
      Subject subject = row.create(rig);
      new Traffic(randomBytes(random, random.nextInt(600))).run(rig, subject);
      return new Used(rig, subject);
    }

    Used twin(DeviceRow row) {
      Rig other = new Rig();
      Subject copy = row.create(other);
      other.load(rig.now(), rig.pending());
      copy(subject.device(), copy.device());
      other.takeEvents();
      return new Used(other, copy);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLoadedTwinBehavesTheSame(DeviceRow row) {
    SplittableRandom random = new SplittableRandom(17);
    for (int i = 0; i < ROUNDS; i++) {
      Used first = Used.create(row, random);
      Used twin = first.twin(row);
      assertThat(text(twin.subject.device())).isEqualTo(text(first.subject.device()));
      assertThat(twin.rig.pending()).isEqualTo(first.rig.pending());
      // loading drives the lines as they were; one that was never driven is low
      twin.rig.lines().forEach((n, v) -> assertThat(v).as(n).isEqualTo(first.rig.level(n)));
      first.rig.lines().forEach((n, v) -> assertThat(v).as(n).isEqualTo(twin.rig.level(n)));
      first.rig.lines().putAll(twin.rig.lines());
      twin.rig.lines().putAll(first.rig.lines());

      byte[] more = randomBytes(random, 300);
      List<String> expected = new Traffic(more).run(first.rig, first.subject);
      assertThat(new Traffic(more).run(twin.rig, twin.subject)).isEqualTo(expected);
      assertThat(text(twin.subject.device())).isEqualTo(text(first.subject.device()));
    }
  }

  /** Loading over a state of its own leaves nothing of that. */
  @ParameterizedTest
  @EnumSource
  void loadingReplacesEverything(DeviceRow row) {
    SplittableRandom random = new SplittableRandom(18);
    for (int i = 0; i < ROUNDS; i++) {
      Used first = Used.create(row, random);
      Used second = Used.create(row, random);
      second.rig.load(first.rig.now(), first.rig.pending());
      copy(first.subject.device(), second.subject.device());
      assertThat(text(second.subject.device())).isEqualTo(text(first.subject.device()));
      assertThat(second.rig.pending()).isEqualTo(first.rig.pending());
    }
  }

  @ParameterizedTest
  @EnumSource
  void savingAndLoadingItselfChangesNothing(DeviceRow row) {
    SplittableRandom random = new SplittableRandom(19);
    for (int i = 0; i < ROUNDS; i++) {
      Used used = Used.create(row, random);
      String before = text(used.subject.device());
      String around = used.rig.pending() + " " + used.rig.lines();
      used.rig.takeEvents();
      copy(used.subject.device(), used.subject.device());
      assertThat(text(used.subject.device())).isEqualTo(before);
      assertThat(used.rig.pending() + " " + used.rig.lines()).isEqualTo(around);
      assertThat(used.rig.takeEvents()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void peekChangesNothingAndShowsWhatReadGives(DeviceRow row) {
    SplittableRandom random = new SplittableRandom(20);
    for (int i = 0; i < 12; i++) {
      Used used = Used.create(row, random);
      Used twin = used.twin(row);
      String before = text(used.subject.device());
      String around = used.rig.pending() + " " + used.rig.lines();
      byte[] saved = state(used.subject.device());
      used.rig.takeEvents();
      for (int n = 0; n < used.subject.registers().size(); n++) {
        Subject.Range range = used.subject.registers().get(n);
        Subject.Range other = twin.subject.registers().get(n);
        for (int offset = 0; offset < range.length(); offset++) {
          for (int size : SIZES) {
            long shown = range.region().peek(offset, size);
            loadBytes(twin.subject.device(), saved);
            assertThat(other.region().read(offset, size))
                .as("%s, range %d, offset %d, %d bytes", row, n, offset, size)
                .isEqualTo(shown);
          }
        }
      }
      assertThat(text(used.subject.device())).isEqualTo(before);
      assertThat(used.rig.pending() + " " + used.rig.lines()).isEqualTo(around);
      assertThat(used.rig.takeEvents()).isEmpty();
    }
  }

  /** Any offset and size, right after each other, with long runs of deadlines. */
  @ParameterizedTest
  @EnumSource
  void noTrafficMakesItThrowOrLoop(DeviceRow row) {
    SplittableRandom random = new SplittableRandom(21);
    for (int i = 0; i < ROUNDS; i++) {
      Rig rig = new Rig();
      Subject subject = row.create(rig);
      byte[] bytes = randomBytes(random, 2000);
      assertThat(new Traffic(bytes).run(rig, subject)).isNotEmpty();
    }
  }

  /** Records are loaded by several machines, and more than once. */
  @ParameterizedTest
  @EnumSource
  void aRecordThatWasSavedOrLoadedStaysAsItIs(DeviceRow row) {
    SplittableRandom random = new SplittableRandom(23);
    for (int i = 0; i < 20; i++) {
      Used used = Used.create(row, random);
      load(used.subject.device(), used.subject.device().save(), random, used.rig, used.subject);
    }
  }

  private static <S extends Record> void load(
      Device<S> device, Record saved, SplittableRandom random, Rig rig, Subject subject) {
    RecordCodec<S> codec = RecordCodec.of(device.stateType());
    S state = device.stateType().cast(saved);
    byte[] before = codec.encode(state);
    device.load(state);
    assertThat(new Traffic(randomBytes(random, 300)).run(rig, subject)).isNotEmpty();
    assertThat(codec.encode(state)).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource
  void everyBitOfTheStateIsHashedAndLoaded(DeviceRow row) throws ReflectiveOperationException {
    SplittableRandom random = new SplittableRandom(22);
    for (int i = 0; i < 5; i++) {
      Used used = Used.create(row, random);
      Record saved = used.subject.device().save();
      long hash = StateHash.of(state(used.subject.device()));
      List<String> unseen = new ArrayList<>();
      List<String> lost = new ArrayList<>();
      List<RecordFlips.Flip> flips = RecordFlips.of(saved, "");
      assertThat(flips).isNotEmpty();
      for (RecordFlips.Flip f : flips) {
        byte[] changed = encode(used.subject.device(), f.value());
        if (StateHash.of(changed) == hash) {
          unseen.add(f.where());
        }
        Used other = used.twin(row);
        loadBytes(other.subject.device(), changed);
        if (StateHash.of(state(other.subject.device())) == hash) {
          lost.add(f.where());
        }
      }
      assertThat(unseen).as("not in the hash").isEmpty();
      assertThat(lost).as("not restored").isEmpty();
    }
  }

  /** Snapshots keep records, and make bytes of them when somebody asks: the device has gone on. */
  @ParameterizedTest
  @EnumSource
  void aSavedRecordStaysWhatItWas(DeviceRow row) throws ReflectiveOperationException {
    SplittableRandom random = new SplittableRandom(24);
    for (int i = 0; i < 5; i++) {
      Used used = Used.create(row, random);
      Device<?> device = used.subject.device();
      Record saved = device.save();
      byte[] then = encode(device, saved);
      for (RecordFlips.Flip f : RecordFlips.of(saved, "")) {
        loadBytes(device, encode(device, f.value()));
        assertThat(encode(device, saved)).as(f.where()).isEqualTo(then);
      }
      loadBytes(device, then);
      new Traffic(randomBytes(random, 600)).run(used.rig, used.subject);
      device.reset();
      assertThat(encode(device, saved)).isEqualTo(then);
    }
  }

  private static <S extends Record> byte[] encode(Device<S> device, Object state) {
    return RecordCodec.of(device.stateType()).encode(device.stateType().cast(state));
  }

  /** After a reset a device is what it was at power-on, but for the levels of its inputs. */
  @ParameterizedTest
  @EnumSource
  void resetTakesAllDeadlinesBack(DeviceRow row) {
    SplittableRandom random = new SplittableRandom(23);
    for (int i = 0; i < ROUNDS; i++) {
      Used used = Used.create(row, random);
      used.subject.device().reset();
      assertThat(used.rig.pending().pending()).isEmpty();
      String once = text(used.subject.device());
      used.subject.device().reset();
      assertThat(text(used.subject.device())).isEqualTo(once);
    }
  }
}
