package dev.hindsight.board.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.board.BoardState;
import dev.hindsight.board.Image;
import dev.hindsight.board.Machine;
import dev.hindsight.board.MachineState;
import dev.hindsight.board.OutputListener;
import dev.hindsight.board.PartState;
import dev.hindsight.board.PcChipset;
import dev.hindsight.board.StateDigest;
import dev.hindsight.bus.Device;
import dev.hindsight.bus.Input;
import dev.hindsight.bus.ScriptedWorld;
import dev.hindsight.bus.World;
import dev.hindsight.bus.state.RecordCodec;
import dev.hindsight.cpu.CpuModels;
import dev.hindsight.cpu.VcpuState;
import dev.hindsight.cpu.instructions.InstructionSet;
import dev.hindsight.cpu.interpreter.Interpreter;
import dev.hindsight.memory.GuestRam;
import dev.hindsight.x86.Decoder;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Flipping any bit of a register, a device's field or a page of a machine changes its hash. */
class HashCoversEverythingTest {
  private static final long MID_RUN = 900_123;

  private Machine machine;

  @BeforeEach
  void runHalfWay() {
    byte[] rom = new BuiltinGuest(3, 30_000).rom();
    machine =
        Machine.builder()
            .cpuModel(CpuModels.V3)
            .vcpus(2)
            .memoryBytes(BuiltinGuest.RAM_BYTES)
            .chipset(new PcChipset())
            .engine((memory, model) ->
                new Interpreter(memory, new Decoder(model.features()), InstructionSet.semantics()))
            .image(Image.rom("builtin", 0x1_0000_0000L - rom.length, rom))
            .image(Image.rom("builtin-alias", 0x10_0000 - rom.length, rom))
            .world(
                new ScriptedWorld(
                    List.of(
                        new ScriptedWorld.Entry(
                            MID_RUN - 10, new Input.SerialByte(PcChipset.SERIAL, 'a')))))
            .outputs((device, value, tick) -> {})
            .build();
    machine.slice(Long.MAX_VALUE, MID_RUN);
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void everyFieldOfEveryPart() throws ReflectiveOperationException {
    try (MachineState state = machine.save()) {
      int fields = 0;
      for (int i = 0; i < state.parts().size(); i++) {
        PartState part = state.parts().get(i);
        fields += checkPart(part, codec(part.name()));
      }
      // the vCPUs alone have more than 200 values each
      assertThat(fields).isGreaterThan(500);
    }
  }

  private RecordCodec<?> codec(String part) {
    if (part.equals("board")) {
      return RecordCodec.of(BoardState.class);
    }
    if (part.startsWith("cpu")) {
      return RecordCodec.of(VcpuState.class);
    }
    Device<?> device =
        machine.devices().stream().filter(d -> d.name().equals(part)).findFirst().orElseThrow();
    return RecordCodec.of(device.stateType());
  }

  private static <S extends Record> int checkPart(PartState part, RecordCodec<S> codec)
      throws ReflectiveOperationException {
    List<Object> variants = new ArrayList<>();
    collect(codec.decode(part.bytes()), variants);
    for (Object variant : variants) {
      @SuppressWarnings("unchecked")
      byte[] bytes = codec.encode((S) variant);
      assertThat(new PartState(part.name(), part.version(), bytes).hash())
          .as("%s: %s", part, variant)
          .isNotEqualTo(part.hash());
    }
    return variants.size();
  }

  /** All values that differ from one in a single bit, as far as its type has them. */
  private static void collect(Object value, List<Object> into) throws ReflectiveOperationException {
    switch (value) {
      case Boolean b -> into.add(!b);
      case Byte b -> bits(8, n -> (byte) (b ^ 1 << n), into);
      case Short s -> bits(16, n -> (short) (s ^ 1 << n), into);
      case Integer i -> bits(32, n -> i ^ 1 << n, into);
      case Long l -> bits(64, n -> l ^ 1L << n, into);
      case String s -> into.add(s + "x");
      case Enum<?> e ->
          into.addAll(
              Arrays.stream(e.getDeclaringClass().getEnumConstants())
                  .filter(other -> other != e)
                  .toList());
      case List<?> list -> collectList(list, into);
      case Record r -> collectRecord(r, into);
      default -> collectArray(value, into);
    }
  }

  private interface Flip {
    Object bit(int n);
  }

  private static void bits(int count, Flip flip, List<Object> into) {
    for (int n = 0; n < count; n++) {
      into.add(flip.bit(n));
    }
  }

  private static void collectList(List<?> list, List<Object> into)
      throws ReflectiveOperationException {
    for (int i = 0; i < list.size(); i++) {
      List<Object> others = new ArrayList<>();
      collect(list.get(i), others);
      for (Object other : others) {
        List<Object> copy = new ArrayList<>(list);
        copy.set(i, other);
        into.add(copy);
      }
    }
    if (!list.isEmpty()) {
      into.add(list.subList(1, list.size()));
    }
  }

  private static void collectArray(Object array, List<Object> into)
      throws ReflectiveOperationException {
    int length = Array.getLength(array);
    for (int i = 0; i < length; i++) {
      List<Object> others = new ArrayList<>();
      collect(Array.get(array, i), others);
      for (Object other : others) {
        Object copy = Array.newInstance(array.getClass().getComponentType(), length);
        System.arraycopy(array, 0, copy, 0, length);
        Array.set(copy, i, other);
        into.add(copy);
      }
    }
  }

  private static void collectRecord(Record r, List<Object> into)
      throws ReflectiveOperationException {
    RecordComponent[] components = r.getClass().getRecordComponents();
    Object[] values = new Object[components.length];
    Class<?>[] types = new Class<?>[components.length];
    for (int i = 0; i < components.length; i++) {
      components[i].getAccessor().setAccessible(true);
      values[i] = components[i].getAccessor().invoke(r);
      types[i] = components[i].getType();
    }
    var constructor = r.getClass().getDeclaredConstructor(types);
    constructor.setAccessible(true);
    for (int i = 0; i < values.length; i++) {
      List<Object> others = new ArrayList<>();
      collect(values[i], others);
      for (Object other : others) {
        Object[] copy = values.clone();
        copy[i] = other;
        try {
          into.add(constructor.newInstance(copy));
        } catch (InvocationTargetException e) {
          // the record refuses the value: no machine can be in such a state
          assertThat(e.getCause()).isInstanceOf(IllegalArgumentException.class);
        }
      }
    }
  }

  @Test
  void everyPartOfTheDigestCounts() {
    StateDigest digest = machine.digest();
    for (int i = 0; i < digest.parts().size(); i++) {
      List<StateDigest.Entry> parts = new ArrayList<>(digest.parts());
      StateDigest.Entry e = parts.get(i);
      parts.set(i, new StateDigest.Entry(e.name(), e.hash() ^ 1));
      assertThat(new StateDigest(digest.tick(), parts).total()).isNotEqualTo(digest.total());
    }
  }

  @Test
  void bitsOfEveryPage() {
    Random random = new Random(2);
    long before = machine.digest().total();
    GuestRam ram = machine.ram();
    for (long page = 0; page < ram.pages(); page++) {
      long at = page * GuestRam.PAGE_BYTES + random.nextInt(GuestRam.PAGE_BYTES);
      byte[] value = new byte[1];
      ram.read(at, value, 0, 1);
      ram.write(at, new byte[] {(byte) (value[0] ^ 1 << random.nextInt(8))}, 0, 1);
      assertThat(machine.digest().total()).as("page %d", page).isNotEqualTo(before);
      ram.write(at, value, 0, 1);
      if (page % 64 == 0) {
        assertThat(machine.digest().total()).isEqualTo(before);
      }
    }
    assertThat(machine.digest().total()).isEqualTo(before);
  }

  @Test
  void aForkHasTheSameHash() {
    World silent = new ScriptedWorld(List.of());
    OutputListener nowhere = (device, value, tick) -> {};
    try (MachineState state = machine.save();
        Machine twin = machine.fork(state, silent, nowhere, 1)) {
      assertThat(twin.digest()).isEqualTo(machine.digest());
      for (int cpu = 0; cpu < 2; cpu++) {
        RecordCodec<VcpuState> codec = RecordCodec.of(VcpuState.class);
        byte[] first = codec.encode(machine.vcpus().get(cpu).save());
        assertThat(codec.encode(twin.vcpus().get(cpu).save())).isEqualTo(first);
      }
    }
  }
}
