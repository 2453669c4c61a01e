package dev.hindsight.gdb;

import java.util.List;

/**
 * Registers that belong together. Debuggers know what those of a standard feature mean (GDB manual,
 * "i386 Features").
 *
 * @param name the name of the standard feature, or one of ours
 * @param types the types that its registers have, besides those that every debugger knows
 * @param registers the registers in their order
 */
record Feature(String name, List<RegisterType> types, List<Register> registers) {
  Feature {
    types = List.copyOf(types);
    registers = List.copyOf(registers);
  }
}
