package dev.hindsight.x86;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Compares our decoder with objdump's output, line by line: the length, whether the bytes are an
 * instruction, and its text. Differences that {@code objdump-differences.txt} explains are counted
 * by their explanation.
 */
public final class ObjdumpComparison implements Consumer<Objdump.Line> {
  private static final int LONGEST = 15;
  private static final int EXAMPLES = 2;

  private final CodeMode mode;
  private final Decoder decoder = new Decoder(EnumSet.allOf(Feature.class));
  private final ObjdumpSyntax syntax;
  private final List<Explanation> explanations = new ArrayList<>();
  private final ArrayDeque<Objdump.Line> window = new ArrayDeque<>();
  private final Map<String, Integer> explained = new TreeMap<>();
  private final List<String> differences = new ArrayList<>();
  private final Map<String, Integer> examples = new TreeMap<>();
  private int windowBytes;
  private long compared;
  private long differing;

  /** A checked-in reason why a difference is right: what both sides must look like. */
  private record Explanation(String name, Pattern bytes, Pattern objdump, Pattern ours) {}

  /** Compares code of a mode. */
  public ObjdumpComparison(CodeMode mode) {
    this.mode = mode;
    this.syntax = new ObjdumpSyntax(mode);
    for (String line : ObjdumpSyntax.lines("objdump-differences.txt")) {
      String[] columns = line.split("\\s+\\|\\s+", -1);
      if (columns.length != 4) {
        throw new IllegalStateException("not four columns: " + line);
      }
      explanations.add(
          new Explanation(
              columns[0],
              Pattern.compile(columns[1]),
              Pattern.compile(columns[2]),
              Pattern.compile(columns[3])));
    }
  }

  @Override
  public void accept(Objdump.Line line) {
    Objdump.Line last = window.peekLast();
    if (last != null && last.address() + last.bytes().length != line.address()) {
      finish();
    }
    window.addLast(line);
    windowBytes += line.bytes().length;
    while (!window.isEmpty() && windowBytes - window.getFirst().bytes().length >= 2 * LONGEST) {
      compareFirst();
    }
  }

  /** Compares what is left when the input ends. */
  public void finish() {
    while (!window.isEmpty()) {
      compareFirst();
    }
  }

  /** Lines compared: instructions, and bytes that are none; those of the filler NOP not counted. */
  public long compared() {
    return compared;
  }

  /** Number of differences without an explanation. */
  public long differing() {
    return differing;
  }

  /** The first differences of each pair of mnemonics, as text. */
  public List<String> differences() {
    return differences;
  }

  /** How often each explanation was needed. */
  public Map<String, Integer> explained() {
    return explained;
  }

  private void compareFirst() {
    Objdump.Line first = window.getFirst();
    byte[] code = new byte[LONGEST];
    int available = 0;
    for (Iterator<Objdump.Line> i = window.iterator(); i.hasNext() && available < LONGEST; ) {
      for (byte value : i.next().bytes()) {
        if (available < LONGEST) {
          code[available++] = value;
        }
      }
    }
    StringBuilder text = new StringBuilder(first.text());
    int length = take();
    while (ObjdumpSyntax.isPrefixOnly(text.toString()) && !window.isEmpty()) {
      text.append(' ').append(window.getFirst().text());
      length += take();
    }
    boolean bad = text.indexOf("(bad)") >= 0;
    int limit = available;
    Decoded decoded = decoder.decode(mode, offset -> offset < limit ? code[offset] & 0xFF : -1);
    if (decoded instanceof Decoded.NeedsByte) {
      // the end of the input cuts an instruction short
      return;
    }
    if (!first.text().equals("nop")) {
      compared++;
    }
    compare(first.address(), code, text.toString(), length, bad, decoded);
  }

  private static int targetBits(Decoded decoded) {
    if (decoded instanceof Instruction in) {
      for (Operand operand : in.operands()) {
        if (operand instanceof RelativeOperand target) {
          return target.bits();
        }
      }
    }
    return 0;
  }

  private int take() {
    int bytes = window.removeFirst().bytes().length;
    windowBytes -= bytes;
    return bytes;
  }

  private void compare(
      long address, byte[] code, String text, int length, boolean bad, Decoded decoded) {
    int target = targetBits(decoded);
    String theirs = syntax.canonical(text, target);
    String ours;
    int ourLength = length;
    boolean equal;
    switch (decoded) {
      case Instruction in -> {
        ours = Disassembler.text(in, address);
        ourLength = in.length();
        ours = syntax.canonical(ours, target);
        equal = !bad && ourLength == length && theirs.equals(ours);
      }
      case Decoded.TooLong _ -> {
        ours = "#GP";
        equal = length >= LONGEST;
      }
      default -> {
        ours = "#UD";
        equal = bad;
      }
    }
    if (equal) {
      return;
    }
    String bytes = HexFormat.ofDelimiter(" ").withUpperCase().formatHex(code);
    for (Explanation explanation : explanations) {
      if (explanation.bytes().matcher(bytes).find()
          && explanation.objdump().matcher(theirs).find()
          && explanation.ours().matcher(ours).find()) {
        explained.merge(explanation.name(), 1, Integer::sum);
        return;
      }
    }
    differing++;
    String kind = ObjdumpSyntax.mnemonic(theirs) + "/" + ObjdumpSyntax.mnemonic(ours);
    if (examples.merge(kind, 1, Integer::sum) <= EXAMPLES) {
      differences.add(
          String.format(
              "%s %x: %s  objdump %d: %s [%s]  ours %d: %s",
              mode, address, bytes, length, text, theirs, ourLength, ours));
    }
  }
}
