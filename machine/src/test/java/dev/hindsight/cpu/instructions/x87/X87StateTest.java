package dev.hindsight.cpu.instructions.x87;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.cpu.ControlRegisters;
import dev.hindsight.cpu.Flags;
import dev.hindsight.cpu.GuestFault;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What user code on the host cannot show: CR0, FERR#, the four layouts of environments. */
class X87StateTest {
  private static final int[] FLD1 = {0xD9, 0xE8};
  private static final int[] FLDZ = {0xD9, 0xEE};
  private static final int[] FDIVP = {0xDE, 0xF9};
  private static final int[] FNINIT = {0xDB, 0xE3};
  private static final int[] FNCLEX = {0xDB, 0xE2};
  private static final int[] FWAIT = {0x9B};
  private static final int[] FNOP = {0xD9, 0xD0};
  private static final int[] FLDCW = {0xD9, 0x2E};
  private static final int[] FNSTENV = {0xD9, 0x36};
  private static final int[] FNSTENV_16 = {0x66, 0xD9, 0x36};
  private static final int[] FLDENV = {0xD9, 0x26};
  private static final int[] FLDENV_16 = {0x66, 0xD9, 0x26};
  private static final int[] FLD_MEMORY = {0xD9, 0x06};
  private static final int AREA = 0x3000;

  private final X87Machine machine = new X87Machine();

  X87StateTest() {
    machine.cpu.general().set64(X87Machine.RSI, AREA);
    machine.execute(FNINIT);
  }

  @AfterEach
  void close() {
    machine.close();
  }

  private void cr0(int bits) {
    machine.cpu.control().cr0(ControlRegisters.CR0_PE | bits);
  }

  /** Leaves an unmasked division by zero pending. */
  private void divideByZero() {
    machine.ram.write(AREA, new byte[] {0x7B, 3}, 0, 2);
    machine.execute(FLDCW);
    machine.execute(FLD1);
    machine.execute(FLDZ);
    machine.execute(FDIVP);
  }

  private int word(int offset) {
    byte[] bytes = new byte[2];
    machine.ram.read(AREA + offset, bytes, 0, 2);
    return bytes[0] & 0xFF | (bytes[1] & 0xFF) << 8;
  }

  @Test
  void deviceNotAvailable() {
    cr0(ControlRegisters.CR0_EM);
    assertThatThrownBy(() -> machine.execute(FLD1)).hasMessage("NM");
    machine.execute(FWAIT);
    cr0(ControlRegisters.CR0_TS);
    assertThatThrownBy(() -> machine.execute(FNINIT)).hasMessage("NM");
    machine.execute(FWAIT);
    cr0(ControlRegisters.CR0_TS | ControlRegisters.CR0_MP);
    assertThatThrownBy(() -> machine.execute(FWAIT)).hasMessage("NM");
  }

  @Test
  void mmxChecks() {
    var in = machine.decode(0x0F, 0x77);
    cr0(ControlRegisters.CR0_EM | ControlRegisters.CR0_TS);
    assertThatThrownBy(() -> MmxState.check(machine.cpu, in)).hasMessage("UD");
    cr0(ControlRegisters.CR0_TS);
    assertThatThrownBy(() -> MmxState.check(machine.cpu, in)).hasMessage("NM");
    cr0(ControlRegisters.CR0_NE);
    divideByZero();
    assertThatThrownBy(() -> MmxState.check(machine.cpu, in)).hasMessage("MF");
    machine.execute(FNCLEX);
    assertThat(MmxState.check(machine.cpu, in)).isTrue();
    MmxState.enter(machine.cpu);
    assertThat(machine.cpu.x87().top()).isZero();
    assertThat(machine.cpu.x87().emptyMask()).isZero();
    MmxState.write(machine.cpu, 3, 42);
    assertThat(machine.cpu.x87().signExponent(3)).isEqualTo(0xFFFF);
    machine.cpu.x87().status(5 << 11);
    MmxState.emms(machine.cpu, in);
    assertThat(machine.cpu.x87().top()).isZero();
    assertThat(machine.cpu.x87().emptyMask()).isEqualTo(0xFF);
  }

  @Test
  void pendingExceptionIsReportedByTheNextWaitingInstruction() {
    cr0(ControlRegisters.CR0_NE);
    divideByZero();
    assertThat(machine.cpu.x87().status() & 0x8084).isEqualTo(0x8084);
    assertThatThrownBy(() -> machine.execute(FNOP)).isInstanceOf(GuestFault.class).hasMessage("MF");
    assertThatThrownBy(() -> machine.execute(FWAIT)).hasMessage("MF");
    machine.execute(FNCLEX);
    machine.execute(FNOP);
    assertThat(machine.cpu.x87().status() & 0x80FF).isZero();
  }

  @Test
  void withoutNumericErrorBitFerrIsAsserted() {
    List<Boolean> line = new ArrayList<>();
    machine.cpu.events().connectNumericError(line::add);
    cr0(0);
    divideByZero();
    assertThat(line).containsExactly(true);
    int before = machine.cpu.x87().status();
    machine.execute(FLD1);
    // held: the instruction pointer is back at the instruction
    assertThat(machine.cpu.rip()).isEqualTo(X87Machine.CODE);
    assertThat(machine.cpu.x87().status()).isEqualTo(before);
    machine.cpu.events().ignoreNumericError(true);
    machine.execute(FLD1);
    assertThat(machine.cpu.rip()).isEqualTo(X87Machine.CODE + 2);
    machine.execute(FNCLEX);
    assertThat(line).containsExactly(true, false);
  }

  @Test
  void unmaskingMakesAFlagPending() {
    cr0(ControlRegisters.CR0_NE);
    machine.execute(FLD1);
    machine.execute(FLDZ);
    machine.execute(FDIVP);
    machine.execute(FNOP);
    machine.ram.write(AREA, new byte[] {0x7B, 3}, 0, 2);
    machine.execute(FLDCW);
    assertThatThrownBy(() -> machine.execute(FNOP)).hasMessage("MF");
  }

  @Test
  void environmentInProtectedMode() {
    machine.execute(FLD_MEMORY);
    machine.execute(FNSTENV);
    assertThat(word(0)).isEqualTo(0x37F);
    assertThat(word(4)).isEqualTo(0x3800);
    assertThat(word(8)).isEqualTo(0x7FFF);
    assertThat(word(12)).isEqualTo(X87Machine.CODE);
    assertThat(word(16)).isEqualTo(machine.cpu.cs().selector());
    assertThat(word(18)).isEqualTo(0x106);
    assertThat(word(20)).isEqualTo(AREA);
    assertThat(word(24)).isEqualTo(machine.cpu.segment(3).selector());
    machine.execute(FNSTENV_16);
    assertThat(word(6)).isEqualTo(X87Machine.CODE);
    assertThat(word(10)).isEqualTo(AREA);
    machine.execute(FNINIT);
    assertThat(machine.cpu.x87().instructionPointer()).isZero();
    machine.execute(FLDENV_16);
    assertThat(machine.cpu.x87().instructionPointer()).isEqualTo(X87Machine.CODE);
    assertThat(machine.cpu.x87().dataPointer()).isEqualTo(AREA);
    assertThat(machine.cpu.x87().top()).isEqualTo(7);
    assertThat(machine.cpu.x87().emptyMask()).isEqualTo(0x7F);
  }

  @Test
  void environmentInVirtual8086ModeHasLinearAddresses() {
    machine.cpu.x87().lastInstruction(0x1234, 0xF000, 0x5D9);
    machine.cpu.x87().lastData(0xABCD, 0x3000);
    machine.cpu.flags().put(Flags.VM, true);
    machine.execute(FNSTENV_16);
    assertThat(word(6)).isEqualTo(0x1234);
    assertThat(word(8)).isEqualTo(0xF5D9);
    assertThat(word(10)).isEqualTo(0xABCD);
    assertThat(word(12)).isEqualTo(0x3000);
    machine.execute(FLDENV_16);
    assertThat(machine.cpu.x87().instructionPointer()).isEqualTo(0xF1234);
    assertThat(machine.cpu.x87().opcode()).isEqualTo(0x5D9);
    assertThat(machine.cpu.x87().dataPointer()).isEqualTo(0x3ABCD);
    machine.execute(FNSTENV);
    assertThat(word(12)).isEqualTo(0x1234);
    assertThat(word(16)).isEqualTo(0xF5D9);
    assertThat(word(20)).isEqualTo(0xABCD);
    assertThat(word(24)).isEqualTo(0x3000);
    machine.execute(FLDENV);
    assertThat(machine.cpu.x87().instructionPointer()).isEqualTo(0xF1234);
    assertThat(machine.cpu.x87().dataPointer()).isEqualTo(0x3ABCD);
  }
}
