package dev.hindsight.translator;

import dev.hindsight.x86.ImmediateOperand;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.MemoryOperand;
import dev.hindsight.x86.Operand;
import dev.hindsight.x86.Register;
import dev.hindsight.x86.RegisterKind;
import org.jspecify.annotations.Nullable;

/**
 * Emits instructions of the host whose operands are the guest's: finds where they are, and keeps
 * the rules of each operand size.
 */
final class OperandEmitter {
  private final BlockWriter block;
  private final HostEmitter out;

  OperandEmitter(BlockWriter block) {
    this.block = block;
    this.out = block.out;
  }

  // ---- what can be emitted

  /** Whether an operand is a general register or memory that can be addressed. */
  boolean isSuitable(Operand o) {
    return switch (o) {
      case Register r -> r.kind() == RegisterKind.GENERAL || r.kind() == RegisterKind.HIGH_BYTE;
      case MemoryOperand m -> block.memory.canAddress(m);
      default -> false;
    };
  }

  /** Whether all operands of an instruction are immediate ones or such. */
  boolean areSuitable(Instruction in) {
    for (int i = 0; i < in.operands().size(); i++) {
      Operand o = in.operand(i);
      if (!(o instanceof ImmediateOperand) && !isSuitable(o)) {
        return false;
      }
    }
    return true;
  }

  static boolean isHighByte(Operand o) {
    return o instanceof Register r && r.kind() == RegisterKind.HIGH_BYTE;
  }

  static boolean isGeneral(Operand o) {
    return o instanceof Register r && r.kind() == RegisterKind.GENERAL;
  }

  // ---- places

  /** Where a register or memory operand is; emits the access. Not for AH to BH. */
  Place place(Operand o, boolean write) {
    return switch (o) {
      case Register r -> Place.ofGeneral(r.number());
      case MemoryOperand m -> {
        block.memory.emit(m, m.bits() >>> 3, write);
        yield Place.ACCESSED;
      }
      default -> throw new IllegalArgumentException("neither register nor memory: " + o);
    };
  }

  /** The host's register that holds a value: its own, or another that it is loaded into. */
  int inRegister(Place place, int bits, int otherwise) {
    if (place.isRegister()) {
      return place.register();
    }
    load(bits, otherwise, place);
    return otherwise;
  }

  /**
   * The present instruction's immediate operand, if it is to be read from memory: emits that.
   *
   * @param bits to which it is extended
   * @param other where the instruction's other operand is, which stays there
   * @return the register that holds it, or null if the operand is what the instruction says
   */
  @Nullable Place softImmediate(int bits, Place other) {
    SoftImmediate immediate = block.softImmediate();
    if (immediate == null) {
      return null;
    }
    boolean atAddress = !other.isRegister() && other.base() == HostRegister.ADDRESS;
    int register = atAddress ? HostRegister.TEMPORARY : HostRegister.ADDRESS;
    immediate.emitLoad(out, bits, register);
    return Place.ofHost(register);
  }

  /** A byte register's value where turning another one does not change it. */
  Place byteSource(Register r) {
    if (isHighByte(r)) {
      loadHighByte(HostRegister.TEMPORARY, r);
    } else {
      load(8, HostRegister.TEMPORARY, Place.ofGeneral(r.number()));
    }
    return Place.ofHost(HostRegister.TEMPORARY);
  }

  // ---- instructions

  /**
   * An instruction with ModRM whose r/m operand is at a place; the opcode's low bit says "wide".
   */
  void emit(Opcode opcode, int bits, int reg, Place rm) {
    emitExact(bits == 8 ? opcode : wide(opcode), bits, reg, rm, bits == 8);
  }

  private static Opcode wide(Opcode o) {
    return new Opcode(o.prefix(), o.map(), o.opcode() | 1);
  }

  /** An instruction with ModRM, with the opcode as it is. */
  void emitExact(Opcode opcode, int bits, int reg, Place rm, boolean bytes) {
    Opcode o = bits == 16 ? opcode.with(0x66) : opcode;
    int w = bits == 64 ? 1 : 0;
    if (rm.isRegister()) {
      out.register(o, w, reg, rm.register(), bytes);
    } else {
      out.memory(o, w, reg, rm.base(), rm.displacement(), bytes);
    }
  }

  /**
   * Where the result of an instruction is computed that is going to be at a place. 32 bits of a
   * register that is kept in memory are computed in a register: what is written is then all of it,
   * at once, so that a later load can be served from the store.
   *
   * @param reads whether the instruction reads what it writes
   */
  Place compute(int bits, Place destination, boolean reads) {
    if (bits != 32 || destination.isRegister() || destination.base() != HostRegister.AREA) {
      return destination;
    }
    if (reads) {
      load(32, HostRegister.TEMPORARY, destination);
    }
    return Place.ofHost(HostRegister.TEMPORARY);
  }

  /** Brings a result from where it was {@linkplain #compute computed} to where it is to be. */
  void finish(Place destination, Place computed) {
    if (computed != destination) {
      out.store(destination.base(), destination.displacement(), computed.register());
    }
  }

  /** Loads a value, zero-extended to 64 bits. */
  void load(int bits, int to, Place from) {
    switch (bits) {
      case 8 -> emitExact(Opcode.of0F(0xB6), 32, to, from, true);
      case 16 -> emitExact(Opcode.of0F(0xB7), 32, to, from, false);
      default -> emitExact(Opcode.MOV_LOAD, bits, to, from, false);
    }
  }

  /** Writes the low bits of a register by the rules of their size. */
  void store(int bits, Place to, int from) {
    if (to.isRegister() && to.register() == from && bits == 64) {
      return;
    }
    if (bits == 32 && !to.isRegister() && to.base() == HostRegister.AREA) {
      out.register(Opcode.MOV_LOAD, 0, HostRegister.TEMPORARY, from, false);
      out.store(to.base(), to.displacement(), HostRegister.TEMPORARY);
      return;
    }
    emit(Opcode.of(0x88), bits, from, to);
  }

  /** Brings AH to BH into the low byte of a register. */
  void loadHighByte(int to, Operand high) {
    out.rorx(1, to, RegisterMap.host(((Register) high).number()), 8);
  }

  /** Turns a register so that its second byte is the lowest. */
  void rotateHighByteDown(int host) {
    out.rorx(1, host, host, 8);
  }

  /** Turns it back. */
  void rotateHighByteUp(int host) {
    out.rorx(1, host, host, 56);
  }
}
