package dev.hindsight.device.vassert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.bus.BackDoor;
import dev.hindsight.device.CallerRegisters;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What is answered at the two ports, and what is remembered. */
class AssertionDoorTest {
  private static final int MAGIC = 0x564D_5868;
  private static final int SET_ADDRESS = 51 | 1 << 16;
  private static final int REGISTER = 0x4853 | 1 << 16;
  private static final int UNREGISTER = 0x4853 | 2 << 16;
  private static final int LOG_TEXT = 1 | 4 << 16;

  private final AssertionDoor door = new AssertionDoor("door");
  private final List<String> heard = new ArrayList<>();

  /** A vCPU in an address space in which page 5000h is not mapped. */
  private static final class Cpu extends CallerRegisters {
    Cpu(long space, long rax, long rbx, long rcx) {
      super(space, rax, rbx, rcx);
    }

    @Override
    public OptionalLong physical(long linear) {
      return linear == 0x5000 ? OptionalLong.empty() : OptionalLong.of(linear + addressSpace());
    }
  }

  /** Calls, if that is answered; says what is in RAX then. */
  private OptionalLong call(long space, long rbx, long rcx) {
    Cpu cpu = new Cpu(space, MAGIC, rbx, rcx);
    if (!door.answers(AssertionDoor.CALLS, 4, cpu)) {
      return OptionalLong.empty();
    }
    door.call(AssertionDoor.CALLS, cpu);
    return OptionalLong.of(cpu.register(0));
  }

  private boolean answers(int port, int bytes, long rax, long rbx, long rcx) {
    return door.answers(port, bytes, new Cpu(0, rax, rbx, rcx));
  }

  @Test
  void knownCallsAreAnswered() {
    for (int call = 1; call <= 3; call++) {
      assertThat(answers(0x5658, 4, MAGIC, 0, 51 | call << 16)).isTrue();
    }
    assertThat(answers(0x5658, 4, MAGIC, 1, 47)).isTrue();
    assertThat(answers(0x5658, 4, MAGIC, 2, 47)).isTrue();
    assertThat(answers(0x5659, 1, MAGIC, LOG_TEXT, 10)).isTrue();
    // the upper halves of 64-bit registers do not matter
    assertThat(answers(0x5658, 4, 0xABCD_0000_0000L | MAGIC, 0, 0xABCD_0000_0000L | SET_ADDRESS))
        .isTrue();
    for (int call = 0; call <= 11; call++) {
      assertThat(answers(0x5658, 4, MAGIC, 0, 0x4853 | call << 16)).as("%d", call).isTrue();
    }
  }

  @Test
  void whatElseIsSaidThereIsForOrdinaryPorts() {
    assertThat(answers(0x5658, 4, MAGIC + 1, 0, SET_ADDRESS)).isFalse();
    assertThat(answers(0x5658, 2, MAGIC, 0, SET_ADDRESS)).isFalse();
    assertThat(answers(0x5658, 4, MAGIC, 0, 51)).isFalse();
    assertThat(answers(0x5658, 4, MAGIC, 0, 51 | 4 << 16)).isFalse();
    assertThat(answers(0x5658, 4, MAGIC, 3, 47)).isFalse();
    assertThat(answers(0x5658, 4, MAGIC, 0, 10)).isFalse();
    assertThat(answers(0x5658, 4, MAGIC, 0, 0x4853 | 12 << 16)).isFalse();
    assertThat(answers(0x5659, 4, MAGIC, LOG_TEXT, 10)).isFalse();
    assertThat(answers(0x5659, 1, MAGIC, 1, 10)).isFalse();
    assertThat(answers(0x5659, 1, 0, LOG_TEXT, 10)).isFalse();
    assertThat(answers(0x5657, 4, MAGIC, 0, SET_ADDRESS)).isFalse();
  }

  @Test
  void aStatePageBelongsToAnAddressSpace() {
    assertThat(call(0x1000, 0x4000, SET_ADDRESS)).hasValue(0);
    assertThat(call(0x2000, 0x4000, REGISTER)).hasValue(0);
    assertThat(call(0x2000, 0x5000, REGISTER)).hasValue(0);
    assertThat(door.registrations())
        .containsExactly(
            new Registration(0x1000, 0x4000, 0x5000),
            new Registration(0x2000, 0x4000, 0x6000),
            new Registration(0x2000, 0x5000, Registration.UNMAPPED));
    assertThat(call(0x2000, 0x4000, UNREGISTER)).hasValue(0);
    assertThat(call(0x2000, 0x4000, UNREGISTER)).hasValue(0xFFFF_FFFFL);
    assertThat(call(0x1000, 0x4000, REGISTER)).hasValue(0);
    assertThat(door.registrations())
        .extracting(Registration::addressSpace)
        .containsExactly(0x2000L, 0x1000L);
  }

  @Test
  void anAddressThatIsNoPageIsRefused() {
    assertThat(call(0x1000, 0x4001, SET_ADDRESS)).hasValue(0xFFFF_FFFFL);
    assertThat(call(0x1000, 0x4001, REGISTER)).hasValue(0xFFFF_FFFFL);
    assertThat(door.registrations()).isEmpty();
  }

  @Test
  void theOldestIsForgottenWhereThereAreTooMany() {
    for (long space = 0; space <= AssertionDoor.MOST; space++) {
      assertThat(call(space << 12, 0x4000, REGISTER)).hasValue(0);
    }
    assertThat(door.registrations()).hasSize(AssertionDoor.MOST);
    assertThat(door.registrations().getFirst().addressSpace()).isEqualTo(0x1000);
    door.reset();
    assertThat(door.registrations()).isEmpty();
  }

  @Test
  void allElseIsOnlyTold() {
    door.listener(
        new CallListener() {
          @Override
          public void called(Call call, BackDoor.Caller caller) {
            heard.add(call + " " + caller.register(3));
          }

          @Override
          public void logged(int value, BackDoor.Caller caller) {
            heard.add("" + (char) value);
          }
        });
    assertThat(call(0, 1, 47)).hasValue(0);
    assertThat(call(0, 2, 47)).hasValue(0);
    assertThat(call(0, 1, 0x4853 | 3 << 16)).hasValue(0);
    assertThat(call(0, 0, 0x4853)).hasValue(AssertionDoor.VERSION);
    assertThat(call(0, 7, 51 | 3 << 16)).hasValue(0);
    door.put(AssertionDoor.LOG, 'x', new Cpu(0, MAGIC, LOG_TEXT, 1));
    assertThat(heard)
        .containsExactly("RECORD_START 1", "RECORD_STOP 2", "END 1", "VERSION 0", "GO_LIVE 7", "x");
    assertThat(door.registrations()).isEmpty();
  }
}
