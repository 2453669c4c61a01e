package dev.hindsight.bus.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecordCodecTest {
  enum Colour {
    RED,
    GREEN
  }

  record Inner(int number, String text) {}

  @Schema(version = 3)
  @SuppressWarnings("ArrayRecordComponent")
  record Everything(
      boolean flag,
      byte octet,
      short word,
      char letter,
      int dword,
      long qword,
      byte[] octets,
      long[] qwords,
      boolean[] flags,
      String text,
      Colour colour,
      Inner inner,
      List<Inner> inners,
      List<Long> numbers,
      Inner[] row) {}

  record Checked(int percent) {
    Checked {
      if (percent > 100) {
        throw new IllegalArgumentException("too much");
      }
    }
  }

  record Unsavable(Object anything) {}

  record Floating(double number) {}

  private static final RecordCodec<Everything> CODEC = RecordCodec.of(Everything.class);

  private static Everything sample() {
    return new Everything(
        true,
        (byte) 0x80,
        (short) -2,
        'é',
        0x8000_0001,
        Long.MIN_VALUE + 5,
        new byte[] {1, 2, 3},
        new long[] {-1, 7},
        new boolean[] {true, false, true},
        "grün €",
        Colour.GREEN,
        new Inner(5, ""),
        List.of(new Inner(1, "a"), new Inner(2, "b")),
        List.of(9L, -9L),
        new Inner[] {new Inner(8, "x")});
  }

  @Test
  void everyKindOfComponentComesBack() {
    Everything copy = CODEC.decode(CODEC.encode(sample()));
    assertThat(copy).usingRecursiveComparison().isEqualTo(sample());
    assertThat(StateDifferences.between("", sample(), copy, 10)).isEmpty();
  }

  @Test
  void theSchemaNamesVersionAndComponents() {
    assertThat(CODEC.version()).isEqualTo(3);
    assertThat(RecordCodec.of(Inner.class).version()).isEqualTo(1);
    assertThat(CODEC.schema())
        .isEqualTo(
            "Everything{flag:boolean,octet:byte,word:short,letter:char,dword:int,qword:long,"
                + "octets:byte[],qwords:long[],flags:boolean[],text:text,"
                + "colour:Colour[RED, GREEN],inner:Inner{number:int,text:text},"
                + "inners:list of Inner{number:int,text:text},numbers:list of long,"
                + "row:Inner{number:int,text:text}[]}");
  }

  @Test
  void everyBitOfTheEncodingChangesTheHash() {
    byte[] bytes = CODEC.encode(sample());
    long hash = StateHash.of(bytes);
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] other = bytes.clone();
      other[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(StateHash.of(other)).isNotEqualTo(hash);
    }
  }

  @Test
  void lengthCountsInTheHash() {
    assertThat(StateHash.of(new byte[3])).isNotEqualTo(StateHash.of(new byte[4]));
    assertThat(StateHash.of(new byte[8])).isNotEqualTo(StateHash.of(new byte[0]));
  }

  @Test
  void damagedBytesAreRefusedOrAreAnotherState() {
    byte[] good = CODEC.encode(sample());
    Random random = new Random(11);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bad = java.util.Arrays.copyOf(good, random.nextInt(good.length + 4));
      for (int n = random.nextInt(3); n > 0 && bad.length > 0; n--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      }
      try {
        Everything read = CODEC.decode(bad);
        assertThat(CODEC.encode(read)).isEqualTo(bad);
      } catch (StateFormatException e) {
        assertThat(e.getMessage()).endsWith(".");
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(10_000);
  }

  @Test
  void aRecordMayRefuseItsValues() {
    RecordCodec<Checked> codec = RecordCodec.of(Checked.class);
    assertThatThrownBy(() -> codec.decode(new byte[] {101, 0, 0, 0}))
        .isInstanceOf(StateFormatException.class);
  }

  @Test
  void whatCannotBeSavedIsRefusedAtOnce() {
    assertThatThrownBy(() -> RecordCodec.of(Unsavable.class))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> RecordCodec.of(Floating.class))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void differencesAreNamed() {
    Everything a = sample();
    Everything b =
        new Everything(
            false,
            a.octet(),
            a.word(),
            a.letter(),
            a.dword(),
            a.qword(),
            new byte[] {1, 2, 4},
            new long[] {-1},
            a.flags(),
            a.text(),
            Colour.RED,
            a.inner(),
            List.of(new Inner(1, "a"), new Inner(3, "b")),
            a.numbers(),
            new Inner[] {new Inner(9, "x")});
    assertThat(StateDifferences.between("x", a, b, 10))
        .extracting(StateDifferences.Difference::toString)
        .containsExactly(
            "x.flag: true and false",
            "x.octets[2]: 0x3 and 0x4",
            "x.qwords: 2 elements and 1 elements",
            "x.colour: GREEN and RED",
            "x.inners[1].number: 0x2 and 0x3",
            "x.row[0].number: 0x8 and 0x9");
    assertThat(StateDifferences.between("x", a, b, 2)).hasSize(2);
  }
}
