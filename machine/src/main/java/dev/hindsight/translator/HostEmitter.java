package dev.hindsight.translator;

import java.util.Arrays;

/**
 * Writes machine code of the host into a buffer: encodings, not instructions. What it writes is
 * going to be executed at a known address.
 *
 * <p>The names follow the manual: {@code w} is REX.W, {@code reg} and {@code rm} are the fields of
 * ModRM with their extension bits.
 */
final class HostEmitter {
  /** Bytes of a jump to an absolute address. */
  static final int JUMP_BYTES = 5;

  private byte[] code = new byte[1 << 16];
  private int at;
  private long origin;

  /** Begins anew. */
  void begin(long address) {
    at = 0;
    origin = address;
  }

  byte[] code() {
    return code;
  }

  /** Offset of the next byte. */
  int offset() {
    return at;
  }

  /** Address at which the byte at an offset will be. */
  long address(int offset) {
    return origin + offset;
  }

  void byte1(int value) {
    if (at == code.length) {
      code = Arrays.copyOf(code, code.length * 2);
    }
    code[at++] = (byte) value;
  }

  void int4(int value) {
    byte1(value);
    byte1(value >> 8);
    byte1(value >> 16);
    byte1(value >> 24);
  }

  void long8(long value) {
    int4((int) value);
    int4((int) (value >> 32));
  }

  /** Writes an immediate operand of 1, 2, 4 or 8 bytes. */
  void immediate(long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      byte1((int) (value >> 8 * i));
    }
  }

  /** Puts the distance from its end into a field of four bytes. */
  void bind(int field, int target) {
    int distance = target - (field + 4);
    for (int i = 0; i < 4; i++) {
      code[field + i] = (byte) (distance >> 8 * i);
    }
  }

  /** Makes a field of four bytes lead here. */
  void bindHere(int field) {
    bind(field, at);
  }

  // ---- encodings

  /** Prefixes, escape bytes and opcode. */
  private void head(Opcode o, int w, int reg, int index, int base, boolean bytes) {
    if (o.prefix() != 0) {
      byte1(o.prefix());
    }
    int rex = w << 3 | (reg >> 3) << 2 | (index >> 3) << 1 | base >> 3;
    if (rex != 0 || bytes) {
      byte1(0x40 | rex);
    }
    switch (o.map()) {
      case 1 -> byte1(0x0F);
      case 2 -> {
        byte1(0x0F);
        byte1(0x38);
      }
      case 3 -> {
        byte1(0x0F);
        byte1(0x3A);
      }
      default -> {}
    }
    byte1(o.opcode());
  }

  /** With a register operand; {@code bytes} says that byte registers are meant. */
  void register(Opcode o, int w, int reg, int rm, boolean bytes) {
    head(o, w, reg, 0, rm, bytes);
    byte1(0xC0 | (reg & 7) << 3 | rm & 7);
  }

  /** With the operand {@code [base + displacement]}. */
  void memory(Opcode o, int w, int reg, int base, int displacement, boolean bytes) {
    head(o, w, reg, 0, base, bytes);
    modrm(reg, base, displacement);
  }

  private void modrm(int reg, int base, int displacement) {
    boolean needsSib = (base & 7) == 4;
    boolean needsDisplacement = (base & 7) == 5;
    int mod =
        displacement == 0 && !needsDisplacement ? 0 : displacement == (byte) displacement ? 1 : 2;
    byte1(mod << 6 | (reg & 7) << 3 | base & 7);
    if (needsSib) {
      byte1(0x24);
    }
    displacement(mod, displacement);
  }

  private void displacement(int mod, int displacement) {
    if (mod == 1) {
      byte1(displacement);
    } else if (mod == 2) {
      int4(displacement);
    }
  }

  /** With the operand {@code [base + index * 2^shift + displacement]}; the index is not RSP. */
  void indexed(Opcode o, int w, int reg, int base, int index, int shift, int displacement) {
    head(o, w, reg, index, base, false);
    int mod =
        displacement == 0 && (base & 7) != 5 ? 0 : displacement == (byte) displacement ? 1 : 2;
    byte1(mod << 6 | (reg & 7) << 3 | 4);
    byte1(shift << 6 | (index & 7) << 3 | base & 7);
    displacement(mod, displacement);
  }

  /** With the operand {@code [index * 2^shift + displacement]}, without a base. */
  void scaled(Opcode o, int w, int reg, int index, int shift, int displacement) {
    head(o, w, reg, index, 0, false);
    byte1((reg & 7) << 3 | 4);
    byte1(shift << 6 | (index & 7) << 3 | 5);
    int4(displacement);
  }

  /** The VEX prefix of three bytes and the opcode. */
  private void vexHead(Opcode o, int w, int l, int vvvv, int reg, int base) {
    int pp =
        switch (o.prefix()) {
          case 0x66 -> 1;
          case 0xF3 -> 2;
          case 0xF2 -> 3;
          default -> 0;
        };
    byte1(0xC4);
    byte1((~reg >> 3 & 1) << 7 | 1 << 6 | (~base >> 3 & 1) << 5 | o.map());
    byte1(w << 7 | (~vvvv & 15) << 3 | l << 2 | pp);
    byte1(o.opcode());
  }

  /** VEX-encoded, without operands. */
  void vexAlone(Opcode o, int l) {
    vexHead(o, 0, l, 0, 0, 0);
  }

  /** VEX-encoded, with a register operand. */
  void vexRegister(Opcode o, int w, int l, int reg, int vvvv, int rm) {
    vexHead(o, w, l, vvvv, reg, rm);
    byte1(0xC0 | (reg & 7) << 3 | rm & 7);
  }

  /** VEX-encoded, with the operand {@code [base + displacement]}. */
  void vexMemory(Opcode o, int w, int l, int reg, int vvvv, int base, int displacement) {
    vexHead(o, w, l, vvvv, reg, base);
    modrm(reg, base, displacement);
  }

  // ---- instructions that the engine itself needs

  /** {@code MOV r64, r64}. */
  void move(int to, int from) {
    register(Opcode.MOV_LOAD, 1, to, from, false);
  }

  /** {@code MOV r64, [base + displacement]}. */
  void load(int to, int base, int displacement) {
    memory(Opcode.MOV_LOAD, 1, to, base, displacement, false);
  }

  /** {@code MOV [base + displacement], r64}. */
  void store(int base, int displacement, int from) {
    memory(Opcode.MOV_STORE, 1, from, base, displacement, false);
  }

  /** {@code MOV dword [base + displacement], imm32}. */
  void storeInt(int base, int displacement, int value) {
    memory(Opcode.MOV_IMMEDIATE, 0, 0, base, displacement, false);
    int4(value);
  }

  /** {@code MOV r64, imm}: the shortest form. */
  void constant(int to, long value) {
    if (value == (value & 0xFFFF_FFFFL)) {
      head(Opcode.of(0xB8 | to & 7), 0, 0, 0, to, false);
      int4((int) value);
    } else if (value == (int) value) {
      register(Opcode.MOV_IMMEDIATE, 1, 0, to, false);
      int4((int) value);
    } else {
      head(Opcode.of(0xB8 | to & 7), 1, 0, 0, to, false);
      long8(value);
    }
  }

  /** {@code LEA r64, [base + displacement]}. */
  void lea(int to, int base, int displacement) {
    memory(Opcode.LEA, 1, to, base, displacement, false);
  }

  /** {@code LEA r64, [RIP + displacement]}: an address behind the next instruction. */
  void leaAhead(int to, int displacement) {
    byte1(0x48 | (to >>> 3) << 2);
    byte1(0x8D);
    byte1((to & 7) << 3 | 5);
    int4(displacement);
  }

  /** One of ADD 0, OR 1, ADC 2, SBB 3, AND 4, SUB 5, XOR 6, CMP 7 with an immediate. */
  void arithmetic(int operation, int w, int register, int value) {
    if (value == (byte) value) {
      register(Opcode.GROUP1_BYTE, w, operation, register, false);
      byte1(value);
    } else {
      register(Opcode.GROUP1, w, operation, register, false);
      int4(value);
    }
  }

  /** {@code RORX r, r, imm8}: no flags change. */
  void rorx(int w, int to, int from, int count) {
    vexRegister(Opcode.RORX, w, 0, to, 0, from);
    byte1(count);
  }

  /**
   * {@code Jcc rel32}.
   *
   * @return the field to be bound
   */
  int jumpIf(int condition) {
    byte1(0x0F);
    byte1(0x80 | condition);
    return field();
  }

  /** {@code JMP rel32}; returns the field to be bound. */
  int jump() {
    byte1(0xE9);
    return field();
  }

  /** {@code CALL rel32} of an absolute address. */
  void call(long target) {
    byte1(0xE8);
    relative(target);
  }

  /** {@code JMP rel32} to an absolute address. */
  void jump(long target) {
    byte1(0xE9);
    relative(target);
  }

  private void relative(long target) {
    int4((int) (target - address(at + 4)));
  }

  private int field() {
    int4(0);
    return at - 4;
  }

  /** {@code JMP r64}. */
  void jumpRegister(int register) {
    register(Opcode.GROUP5, 0, 4, register, false);
  }

  void pushRegister(int register) {
    head(Opcode.of(0x50 | register & 7), 0, 0, 0, register, false);
  }

  void popRegister(int register) {
    head(Opcode.of(0x58 | register & 7), 0, 0, 0, register, false);
  }

  /** {@code BSWAP}. */
  void byteSwap(int w, int register) {
    head(Opcode.of0F(0xC8 | register & 7), w, 0, 0, register, false);
  }
}
