package dev.hindsight.board.acpi;

import java.util.List;

/** Statements and expressions of AML methods (ACPI 17.2.5). */
final class AmlCode {
  private static final int LOCAL_0 = 0x60;
  private static final int ARGUMENT_0 = 0x68;
  private static final int STORE = 0x70;
  private static final int DECREMENT = 0x76;
  private static final int SHIFT_LEFT = 0x79;
  private static final int AND = 0x7B;
  private static final int OR = 0x7D;
  private static final int FIND_SET_RIGHT_BIT = 0x82;
  private static final int CREATE_WORD_FIELD = 0x8B;
  private static final int IF = 0xA0;
  private static final int ELSE = 0xA1;
  private static final int RETURN = 0xA4;

  /** A target that says: only the value of the expression is wanted. */
  private static final Aml NOWHERE = Aml.of(new TableBytes().bytes(0));

  private AmlCode() {}

  /** An argument of the method, 0 to 6. */
  static Aml argument(int number) {
    return Aml.of(new TableBytes().bytes(ARGUMENT_0 + number));
  }

  /** A local variable of the method, 0 to 7. */
  static Aml local(int number) {
    return Aml.of(new TableBytes().bytes(LOCAL_0 + number));
  }

  /** {@code target = value}. */
  static Aml store(Aml value, Aml target) {
    return operation(STORE, value, target);
  }

  /** {@code variable--}. */
  static Aml decrement(Aml variable) {
    return operation(DECREMENT, variable);
  }

  /** {@code value << count}. */
  static Aml shiftLeft(Aml value, Aml count) {
    return operation(SHIFT_LEFT, value, count, NOWHERE);
  }

  /** {@code left & right}. */
  static Aml and(Aml left, Aml right) {
    return operation(AND, left, right, NOWHERE);
  }

  /** {@code left | right}. */
  static Aml or(Aml left, Aml right) {
    return operation(OR, left, right, NOWHERE);
  }

  /** One more than the number of the lowest set bit, or 0. */
  static Aml findSetRightBit(Aml value) {
    return operation(FIND_SET_RIGHT_BIT, value, NOWHERE);
  }

  /** Names 16 bits of a buffer. */
  static Aml wordField(Aml buffer, long byteIndex, String name) {
    return operation(CREATE_WORD_FIELD, buffer, Aml.integer(byteIndex), Aml.path(name));
  }

  /** Statements that are executed if the condition is not 0. */
  static Aml when(Aml condition, Aml... statements) {
    TableBytes head = new TableBytes().bytes(condition.encoded());
    return Aml.of(Aml.packaged(IF, Aml.body(head, List.of(statements))));
  }

  /** Statements that are executed if the {@link #when} before was not. */
  static Aml otherwise(Aml... statements) {
    return Aml.of(Aml.packaged(ELSE, Aml.body(new TableBytes(), List.of(statements))));
  }

  /** Calls a method; how many arguments follow is its own business. */
  static Aml call(String method, Aml... arguments) {
    TableBytes name = new TableBytes().bytes(Aml.path(method).encoded());
    return Aml.of(Aml.body(name, List.of(arguments)));
  }

  /** Ends the method with a value. */
  static Aml returns(Aml value) {
    return operation(RETURN, value);
  }

  private static Aml operation(int opcode, Aml... operands) {
    return Aml.of(Aml.body(new TableBytes().bytes(opcode), List.of(operands)));
  }
}
