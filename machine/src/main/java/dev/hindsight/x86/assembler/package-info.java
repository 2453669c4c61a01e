/**
 * The assembler: instructions to bytes.
 *
 * <p>It is for guests and tests that are written in Java. A program is a sequence of method calls
 * on an {@link dev.hindsight.x86.assembler.Assembler}; what it means is what the lines say, and the
 * bytes come out at the end:
 *
 * {@snippet lang=java :
 * Assembler a = new Assembler(CodeMode.BITS64, 0x10_0000);
 * Label again = a.label("again");
 * a.mov(ECX, 100);
 * a.xor(EAX, EAX);
 * a.bind(again);
 * a.add(EAX, ptr(RBX).plus(RCX, 4).plus(-4));
 * a.dec(ECX);
 * a.jne(again);
 * a.lock().xadd(ptr(RDI).plus(8), EAX);
 * a.hlt();
 * byte[] code = a.assemble();
 * }
 *
 * <p>There is one way in for every instruction, {@link
 * dev.hindsight.x86.assembler.Assembler#emit(dev.hindsight.x86.Mnemonic,
 * dev.hindsight.x86.Argument...)}; the methods that bear the manual's names are written in terms of
 * it, one interface to a chapter. Operands come from {@link dev.hindsight.x86.assembler.Arguments}:
 * {@code ptr}, {@code imm}, {@code offset}.
 *
 * <p>No encoding is known here by heart: the {@link dev.hindsight.x86.assembler.Encoder} looks for
 * the rows of the decoder's own opcode table that fit the mnemonic, the operands and the mode, and
 * takes the one whose encoding is the shortest. What fits nowhere is refused with an {@link
 * java.lang.IllegalArgumentException} that names the instruction.
 *
 * <p>Labels may be used before they are bound. Branches to labels are made as short as their
 * distance admits; every other use of a label has a fixed size, so that the layout always settles.
 */
@NullMarked
package dev.hindsight.x86.assembler;

import org.jspecify.annotations.NullMarked;
