package dev.hindsight.translator;

import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.Decoded;
import dev.hindsight.x86.Decoder;
import dev.hindsight.x86.Disassembler;
import dev.hindsight.x86.Feature;
import dev.hindsight.x86.Instruction;
import java.util.EnumSet;
import java.util.List;

/**
 * A block of the guest's code, and the code of the host that was made of it.
 *
 * @param linear linear address at which the guest has it; the same code may be executed at others
 * @param physical physical address of its first byte
 * @param guest its instructions
 * @param entry host address of the code
 * @param host the code, before any of its jumps was led to another block
 * @param starts where the code of each instruction begins, in bytes from the entry; before the
 *     first is what charges the block's steps; the last number is where the code ends that is not
 *     out of the way
 */
public record TranslatedCode(
    long linear,
    long physical,
    CodeMode mode,
    List<Instruction> guest,
    long entry,
    byte[] host,
    int[] starts) {
  private static final Decoder HOST = new Decoder(EnumSet.allOf(Feature.class));
  private static final int GUEST_COLUMNS = 58;

  /** Keeps a copy of the list. */
  public TranslatedCode {
    guest = List.copyOf(guest);
  }

  /** Both side by side, disassembled; lines end with a line feed. */
  public String listing() {
    StringBuilder text = new StringBuilder();
    text.append(
        "block %016x physical %x, %d bits, %d instructions; %d bytes at %016x\n"
            .formatted(linear, physical, mode.bits(), guest.size(), host.length, entry));
    int at = rows(text, "", 0, starts[0]);
    long address = linear;
    for (int i = 0; i < guest.size(); i++) {
      Instruction in = guest.get(i);
      String left = "%016x  %s".formatted(address, Disassembler.text(in, address));
      at = rows(text, left, at, starts[i + 1]);
      address += in.length();
    }
    rows(text, "", at, host.length);
    return text.append('\n').toString();
  }

  /** Writes the host's instructions of a range; returns where it ends. */
  private int rows(StringBuilder text, String guestText, int from, int to) {
    if (from == to && !guestText.isEmpty()) {
      text.append(guestText).append('\n');
    }
    String left = guestText;
    int at = from;
    while (at < to) {
      int start = at;
      Decoded decoded =
          HOST.decode(
              CodeMode.BITS64,
              i -> start + i < host.length ? Byte.toUnsignedInt(host[start + i]) : -1);
      String right = "(bad)";
      int length = 1;
      if (decoded instanceof Instruction in) {
        right = Disassembler.text(in, entry + start);
        length = in.length();
      }
      text.append(("%-" + GUEST_COLUMNS + "s | %016x  %s\n").formatted(left, entry + start, right));
      left = "";
      at += length;
    }
    return at;
  }
}
