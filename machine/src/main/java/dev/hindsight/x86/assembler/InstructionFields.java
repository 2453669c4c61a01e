package dev.hindsight.x86.assembler;

import java.io.ByteArrayOutputStream;

/**
 * The fields of one instruction as they are found out, and their order on paper (Intel SDM volume
 * 2, section 2.1 and 2.3).
 */
final class InstructionFields {
  private final ByteArrayOutputStream legacyPrefixes = new ByteArrayOutputStream();
  private final ByteArrayOutputStream tail = new ByteArrayOutputStream();
  private int mandatoryPrefix;
  private int opcodeMap;
  private int opcode;
  private boolean vex;
  private boolean vector256;
  private boolean w;
  private boolean r;
  private boolean x;
  private boolean b;
  private boolean rexWanted;
  private boolean rexForbidden;
  private int vvvv;
  private boolean modRm;
  private int mod;
  private int reg;
  private int rm;
  private int sib = -1;
  private long displacement;
  private int displacementBytes;

  void legacyPrefix(int value) {
    legacyPrefixes.write(value);
  }

  /** 0, 66, F2 or F3 as part of the opcode. */
  void mandatoryPrefix(int value) {
    mandatoryPrefix = value;
  }

  /**
   * The opcode byte.
   *
   * @param map 0 for one byte, 1 for 0F, 2 for 0F 38, 3 for 0F 3A
   */
  void opcode(int map, int value) {
    opcodeMap = map;
    opcode = value;
  }

  /** Makes it a VEX instruction. */
  void vex(boolean is256) {
    vex = true;
    vector256 = is256;
  }

  void w() {
    w = true;
  }

  /** A register in the low three bits of the opcode. */
  void opcodeRegister(int number) {
    opcode |= number & 7;
    b |= number > 7;
  }

  /** A register, or an extension of the opcode, in ModRM.reg. */
  void reg(int number) {
    modRm = true;
    reg = number & 7;
    r |= number > 7;
  }

  /** A register in ModRM.rm. */
  void rmRegister(int number) {
    modRm = true;
    mod = 3;
    rm = number & 7;
    b |= number > 7;
  }

  /** A memory operand in ModRM.rm. */
  void rmMemory(int newMod, int newRm) {
    modRm = true;
    mod = newMod;
    rm = newRm & 7;
    b |= newRm > 7;
  }

  /**
   * A SIB byte.
   *
   * @param index number of the index register; 4 is none
   * @param base number of the base register; 5 with mod 0 is none
   */
  void sib(int scale, int index, int base) {
    sib = Integer.numberOfTrailingZeros(scale) << 6 | (index & 7) << 3 | base & 7;
    x |= index > 7;
    b |= base > 7;
  }

  void displacement(long value, int bytes) {
    displacement = value;
    displacementBytes = bytes;
  }

  /** The register of VEX.vvvv. */
  void vvvv(int number) {
    vvvv = number;
  }

  /** An immediate, a distance or an address after the rest. */
  void immediate(long value, int bytes) {
    put(tail, value, bytes);
  }

  /** SPL, BPL, SIL and DIL exist only with a REX prefix. */
  void wantRex() {
    rexWanted = true;
  }

  /** AH, CH, DH and BH exist only without one. */
  void forbidRex() {
    rexForbidden = true;
  }

  /** Whether the fields can be written in a mode. */
  boolean isPossible(boolean is64) {
    boolean rex = needsRex();
    if (rex && rexForbidden) {
      return false;
    }
    if (is64) {
      return true;
    }
    return vex ? !(r || x || b || vvvv > 7) : !rex;
  }

  private boolean needsRex() {
    return rexWanted || !vex && (w || r || x || b);
  }

  byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(legacyPrefixes.toByteArray());
    if (vex) {
      putVex(out);
    } else {
      putOpcodePrefixes(out);
    }
    out.write(opcode);
    if (modRm) {
      out.write(mod << 6 | reg << 3 | rm);
      if (sib >= 0) {
        out.write(sib);
      }
      put(out, displacement, displacementBytes);
    }
    out.writeBytes(tail.toByteArray());
    return out.toByteArray();
  }

  private void putOpcodePrefixes(ByteArrayOutputStream out) {
    if (mandatoryPrefix != 0) {
      out.write(mandatoryPrefix);
    }
    if (needsRex()) {
      out.write(0x40 | bit(w, 3) | bit(r, 2) | bit(x, 1) | bit(b, 0));
    }
    if (opcodeMap > 0) {
      out.write(0x0F);
    }
    if (opcodeMap == 2) {
      out.write(0x38);
    } else if (opcodeMap == 3) {
      out.write(0x3A);
    }
  }

  private void putVex(ByteArrayOutputStream out) {
    int pp =
        switch (mandatoryPrefix) {
          case 0x66 -> 1;
          case 0xF3 -> 2;
          case 0xF2 -> 3;
          default -> 0;
        };
    int last = (~vvvv & 15) << 3 | bit(vector256, 2) | pp;
    if (x || b || w || opcodeMap != 1) {
      out.write(0xC4);
      out.write(bit(!r, 7) | bit(!x, 6) | bit(!b, 5) | opcodeMap);
      out.write(bit(w, 7) | last);
    } else {
      out.write(0xC5);
      out.write(bit(!r, 7) | last);
    }
  }

  private static int bit(boolean set, int position) {
    return set ? 1 << position : 0;
  }

  private static void put(ByteArrayOutputStream out, long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      out.write((int) (value >> 8 * i));
    }
  }
}
