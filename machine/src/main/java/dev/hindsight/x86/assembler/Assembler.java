package dev.hindsight.x86.assembler;

import dev.hindsight.x86.Argument;
import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.Mnemonic;
import dev.hindsight.x86.Operand;
import dev.hindsight.x86.Prefixes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes a program: instructions, data and labels, one after another from an origin.
 *
 * <p>Prefix methods ({@link #lock}, {@link #rep}, {@link #operandSize}…) act on the next
 * instruction only. See the package description for a tour.
 */
public final class Assembler
    implements GeneralInstructions,
        ControlTransferInstructions,
        StringInstructions,
        SystemInstructions,
        FloatingPointInstructions {
  private final long origin;
  private final List<Statement> statements = new ArrayList<>();
  private final List<Label> labels = new ArrayList<>();
  private CodeMode mode;
  private long segmentBase;
  private int prefixes;
  private int operandBits;
  private int addressBits;

  /**
   * An empty program.
   *
   * @param mode the mode to begin with
   * @param origin linear address of its first byte
   */
  public Assembler(CodeMode mode, long origin) {
    this.mode = mode;
    this.origin = origin;
  }

  /** The mode of the code that is being written. */
  @Override
  public CodeMode mode() {
    return mode;
  }

  /** Switches the mode of the code that follows. */
  public Assembler mode(CodeMode newMode) {
    mode = newMode;
    return this;
  }

  /**
   * Says where offset 0 of the segments lies from here on: the offsets of labels are their linear
   * addresses less this. 0 at first.
   */
  public Assembler segmentBase(long linearAddress) {
    segmentBase = linearAddress;
    return this;
  }

  /** Makes a label, to be bound later. */
  public Label label(String name) {
    Label label = new Label(name);
    labels.add(label);
    return label;
  }

  /** Binds a label to this place. */
  public Assembler bind(Label label) {
    if (label.isBound()) {
      throw new IllegalArgumentException("Label " + label + " is bound already.");
    }
    label.bind();
    statements.add(new Layout.Binding(label));
    return this;
  }

  /** Makes a label that stands here. */
  public Label here(String name) {
    Label label = label(name);
    bind(label);
    return label;
  }

  @Override
  public Assembler emit(Mnemonic mnemonic, Argument... arguments) {
    EncodingRequest frame = new EncodingRequest(mode, mnemonic, prefixes, operandBits, addressBits);
    PointerResolver resolver =
        new PointerResolver(
            addressBits != 0 ? addressBits : mode.bits(),
            mode == CodeMode.BITS64,
            segmentBase,
            origin);
    prefixes = 0;
    operandBits = 0;
    addressBits = 0;
    statements.add(statement(frame, arguments, resolver));
    return this;
  }

  private static Statement statement(
      EncodingRequest frame, Argument[] arguments, PointerResolver resolver) {
    if (arguments.length == 1 && arguments[0] instanceof Label target) {
      return Branch.shortest(frame, target);
    }
    if (arguments.length == 1 && arguments[0] instanceof BranchTarget target) {
      return Branch.explicit(frame, target.label(), target.near());
    }
    List<Operand> operands = new ArrayList<>(arguments.length);
    for (Argument argument : arguments) {
      switch (argument) {
        case Operand operand -> operands.add(operand);
        case Pointer pointer when pointer.label() == null ->
            operands.add(resolver.resolve(pointer, 0, 0));
        case Label label ->
            throw new IllegalArgumentException(
                frame.mnemonic() + " takes ptr(" + label + ") or offset(" + label + ").");
        default -> {
          return new SymbolicInstruction(frame, List.of(arguments), resolver);
        }
      }
    }
    return new FixedBytes(Encoder.encode(frame.with(operands, EnumSet.noneOf(WideField.class))));
  }

  /** F0 before the next instruction. */
  public Assembler lock() {
    prefixes |= Prefixes.LOCK;
    return this;
  }

  /** F3 before the next string instruction: REP or REPE. */
  public Assembler rep() {
    prefixes |= Prefixes.REP;
    return this;
  }

  /** F2 before the next string instruction: REPNE. */
  public Assembler repne() {
    prefixes |= Prefixes.REPNE;
    return this;
  }

  /** Gives the next instruction an effective operand size of 16, 32 or 64 bits. */
  public Assembler operandSize(int bits) {
    operandBits = bits;
    return this;
  }

  /** Gives the next instruction an effective address size of 16, 32 or 64 bits. */
  public Assembler addressSize(int bits) {
    addressBits = bits;
    return this;
  }

  @Override
  public int addressBits() {
    return addressBits != 0 ? addressBits : mode.bits();
  }

  /** Bytes as they are; of each number the low 8 bits count. */
  public Assembler bytes(int... values) {
    return data(1, values);
  }

  /** Bytes as they are. */
  public Assembler bytes(byte[] values) {
    statements.add(new FixedBytes(values.clone()));
    return this;
  }

  /** Words of 16 bits. */
  public Assembler words(int... values) {
    return data(2, values);
  }

  /** Doublewords of 32 bits. */
  public Assembler doublewords(int... values) {
    return data(4, values);
  }

  /** Quadwords of 64 bits. */
  public Assembler quadwords(long... values) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (long value : values) {
      put(out, 8, value);
    }
    statements.add(new FixedBytes(out.toByteArray()));
    return this;
  }

  /** The offset of a label as a datum of 2, 4 or 8 bytes. */
  public Assembler datum(LabelOffset offset, int size) {
    statements.add(new LabelDatum(offset, segmentBase, size));
    return this;
  }

  /** Characters, one byte each, without an end mark. */
  public Assembler ascii(String text) {
    return bytes(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Characters, one byte each, and a zero byte. */
  public Assembler asciz(String text) {
    return ascii(text).bytes(0);
  }

  /** A number of zero bytes. */
  public Assembler zeros(int count) {
    return bytes(new byte[count]);
  }

  /** Zero bytes up to a multiple of {@code bytes}, a power of two. */
  public Assembler align(long bytes) {
    return align(bytes, 0);
  }

  /** Bytes of a value up to a multiple of {@code bytes}, a power of two. */
  public Assembler align(long bytes, int fill) {
    statements.add(Filling.toMultipleOf(bytes, fill));
    return this;
  }

  /** Zero bytes up to a linear address. */
  public Assembler org(long linearAddress) {
    return org(linearAddress, 0);
  }

  /** Bytes of a value up to a linear address. */
  public Assembler org(long linearAddress, int fill) {
    statements.add(Filling.upTo(linearAddress, fill));
    return this;
  }

  /**
   * The program so far, laid out. Labels have addresses afterwards.
   *
   * @throws IllegalArgumentException if a label was never bound or a branch does not reach
   */
  public byte[] assemble() {
    for (Label label : labels) {
      if (!label.isBound()) {
        throw new IllegalArgumentException("Label " + label + " is used but never bound.");
      }
    }
    return Layout.bytes(statements, origin);
  }

  /** Labels by name with their linear addresses, after {@link #assemble}. */
  public SortedMap<String, Long> symbols() {
    SortedMap<String, Long> symbols = new TreeMap<>();
    for (Label label : labels) {
      symbols.put(label.name(), label.address());
    }
    return symbols;
  }

  private Assembler data(int size, int[] values) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int value : values) {
      put(out, size, value);
    }
    statements.add(new FixedBytes(out.toByteArray()));
    return this;
  }

  private static void put(ByteArrayOutputStream out, int size, long value) {
    for (int i = 0; i < size; i++) {
      out.write((int) (value >> 8 * i));
    }
  }
}
