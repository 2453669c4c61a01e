package dev.hindsight.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.board.builtin.BuiltinGuest;
import dev.hindsight.board.builtin.BuiltinMachine;
import dev.hindsight.bus.Device;
import dev.hindsight.cpu.CpuModels;
import dev.hindsight.cpu.Vcpu;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A snapshot keeps the records of the parts and makes bytes of them later, so these must share
 * nothing with the parts.
 */
class LateEncodingTest {
  private static final long MID_RUN = 900_123;
  private static final int INSTANTS = 20;

  private Machine machine;

  @BeforeEach
  void runHalfWay() {
    machine =
        BuiltinMachine.builder(new BuiltinGuest(Integer.MAX_VALUE), CpuModels.V3, 2)
            .engine(new InterpreterFactory())
            .build();
    machine.slice(Long.MAX_VALUE, MID_RUN);
  }

  @AfterEach
  void close() {
    machine.close();
  }

  /** Of each instant one snapshot is encoded there and then, and one at the end. */
  @Test
  void aSnapshotIsThatOfItsInstantWheneverItIsEncoded() {
    List<MachineState> states = new ArrayList<>();
    List<List<byte[]>> early = new ArrayList<>();
    for (int i = 0; i < INSTANTS; i++) {
      states.add(machine.save());
      try (MachineState now = machine.save()) {
        early.add(now.parts().stream().map(PartState::bytes).toList());
      }
      machine.slice(Long.MAX_VALUE, 77_777);
    }
    machine.load(states.getFirst());
    for (int i = 0; i < INSTANTS; i++) {
      List<PartState> late = states.get(i).parts();
      assertThat(late).hasSameSizeAs(early.get(i));
      for (int n = 0; n < late.size(); n++) {
        assertThat(late.get(n).bytes()).as(late.get(n).name()).isEqualTo(early.get(i).get(n));
      }
    }
    assertThat(early.getFirst().get(1)).isNotEqualTo(early.getLast().get(1));
    states.forEach(MachineState::close);
  }

  /** An array that a part gives away would be in both. */
  @Test
  void twoRecordsOfOneInstantShareNoArrays() throws ReflectiveOperationException {
    int arrays = 0;
    for (Vcpu v : machine.vcpus()) {
      arrays += checkArrays(v.save(), v.save());
    }
    for (Device<?> d : machine.devices()) {
      arrays += checkArrays(d.save(), d.save());
    }
    assertThat(arrays).isGreaterThan(20);
  }

  private static int checkArrays(Record first, Record second) throws ReflectiveOperationException {
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    collect(first, seen);
    int arrays = seen.size();
    Set<Object> others = Collections.newSetFromMap(new IdentityHashMap<>());
    collect(second, others);
    assertThat(others).hasSize(arrays);
    seen.addAll(others);
    assertThat(seen).as(first.getClass().getName()).hasSize(2 * arrays);
    return arrays;
  }

  private static void collect(Object value, Set<Object> arrays)
      throws ReflectiveOperationException {
    if (value instanceof Record r) {
      for (RecordComponent c : r.getClass().getRecordComponents()) {
        Method accessor = c.getAccessor();
        accessor.setAccessible(true);
        collect(accessor.invoke(r), arrays);
      }
    } else if (value instanceof List<?> l) {
      for (Object o : l) {
        collect(o, arrays);
      }
    } else if (value.getClass().isArray() && Array.getLength(value) > 0) {
      arrays.add(value);
    }
  }
}
