package dev.hindsight.board.builtin;

import static dev.hindsight.board.builtin.MemoryLayout.USER_DATA;
import static dev.hindsight.x86.Register.*;

import dev.hindsight.x86.assembler.Assembler;
import dev.hindsight.x86.assembler.Label;

/** Fills, copies, compares and searches memory with string instructions; Adler-32 and CRC-32. */
final class ChecksumTask implements ComputingTask {
  private static final int BYTES = 4096;
  private static final int CRC_BYTES = 512;
  private static final long COPY = USER_DATA + BYTES;

  private final Assembler a;
  private final UserRuntime runtime;

  ChecksumTask(Assembler a, UserRuntime runtime) {
    this.a = a;
    this.runtime = runtime;
  }

  @Override
  public String name() {
    return "checksum";
  }

  @Override
  public void round() {
    Label fill = a.label("checksumFill");
    a.imul(EAX, R13D, 0x9E37_79B1L).mov(EDI, USER_DATA).mov(ECX, BYTES / 4);
    a.bind(fill).imul(EAX, EAX, 1_664_525).add(EAX, 1_013_904_223).stos(4).loop(fill);
    a.mov(ESI, USER_DATA).mov(EDI, COPY).mov(ECX, BYTES / 8).rep().movs(8);
    a.mov(ESI, USER_DATA).mov(EDI, COPY).mov(ECX, BYTES).rep().cmps(1).jne(runtime.wrong());
    // How far the first zero byte is.
    a.xor(EAX, EAX).mov(EDI, COPY).mov(ECX, BYTES).repne().scas(1).mov(EBX, ECX);
    adler();
    crc();
    a.shl(RAX, 32).or(RAX, RBP).xor(RAX, RBX);
  }

  /** RBP: Adler-32 of the whole area. */
  private void adler() {
    Label next = a.label("adlerNext");
    a.mov(ESI, USER_DATA).mov(ECX, BYTES).mov(R8D, 1).xor(R9D, R9D).xor(EAX, EAX);
    a.bind(next).lods(1).add(R8, RAX).add(R9, R8).loop(next);
    a.mov(R10D, 65521);
    a.mov(RAX, R8).xor(EDX, EDX).div(R10).mov(EBP, EDX);
    a.mov(RAX, R9).xor(EDX, EDX).div(R10).shl(EDX, 16).or(EBP, EDX);
  }

  /** EAX: CRC-32 of the beginning, bit by bit. */
  private void crc() {
    Label next = a.label("crcNext");
    Label bit = a.label("crcBit");
    Label even = a.label("crcEven");
    a.mov(ESI, USER_DATA).mov(ECX, CRC_BYTES).mov(R8D, -1);
    a.bind(next).lods(1).movzx(EAX, AL).xor(R8D, EAX).mov(EDX, 8);
    a.bind(bit).shr(R8D, 1).jae(even).xor(R8D, 0xEDB8_8320L);
    a.bind(even).dec(EDX).jne(bit).loop(next);
    a.mov(EAX, R8D).not(EAX);
  }
}
