package dev.hindsight.x86;

import java.util.EnumSet;
import java.util.List;

/**
 * What must hold for any bytes in any mode. Jazzer can be pointed at {@link #fuzzerTestOneInput};
 * the ordinary tests feed it random bytes.
 */
public final class DecoderFuzz {
  private static final int LONGEST = 15;

  private static final List<Decoder> DECODERS =
      List.of(
          new Decoder(EnumSet.allOf(Feature.class)),
          new Decoder(EnumSet.of(Feature.BASE, Feature.FPU)),
          new Decoder(EnumSet.complementOf(EnumSet.of(Feature.AVX, Feature.LONG_MODE))));

  private DecoderFuzz() {}

  /**
   * Decodes the input, whose first byte chooses mode and CPU.
   *
   * @throws IllegalStateException if something that must hold does not
   */
  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length == 0) {
      return;
    }
    int choice = input[0] & 0xFF;
    CodeMode mode = CodeMode.values()[choice % 3];
    Decoder decoder = DECODERS.get(choice / 3 % 3);
    Demands source = new Demands(input);
    Decoded decoded = decoder.decode(mode, source);
    switch (decoded) {
      case Instruction in -> {
        check(in.length() == source.given, "length is what was read", in);
        check(in.length() >= 1 && in.length() <= LONGEST, "1 to 15 bytes", in);
        check(in.operandBits() <= mode.bits() || mode == CodeMode.BITS16, "operand size", in);
        check(in.row().mnemonic() == in.mnemonic(), "the row's mnemonic", in);
        check(in.operands().size() == in.row().operands().size(), "the row's operands", in);
        check(!Disassembler.text(in, choice).isEmpty(), "has a text", in);
        Instruction again = (Instruction) decoder.decode(mode, new Demands(input));
        check(again.equals(in), "the same again", in);
      }
      case Decoded.Invalid invalid ->
          check(invalid.length() == source.given && invalid.length() >= 1, "length", invalid);
      case Decoded.TooLong tooLong -> check(source.given == LONGEST, "15 bytes read", tooLong);
      case Decoded.NeedsByte missing ->
          check(missing.offset() == source.given && source.refused, "missing byte", missing);
    }
  }

  private static void check(boolean holds, String what, Decoded decoded) {
    if (!holds) {
      throw new IllegalStateException("not so: " + what + ": " + decoded);
    }
  }

  /** Gives the bytes after the first, and sees to it that they are demanded in order. */
  private static final class Demands implements CodeSource {
    private final byte[] input;
    private int given;
    private boolean refused;

    Demands(byte[] input) {
      this.input = input;
    }

    @Override
    public int byteAt(int offset) {
      if (refused || offset != given || offset >= LONGEST) {
        throw new IllegalStateException("byte " + offset + " demanded after " + given);
      }
      if (offset + 1 >= input.length) {
        refused = true;
        return -1;
      }
      given++;
      return input[offset + 1] & 0xFF;
    }
  }
}
