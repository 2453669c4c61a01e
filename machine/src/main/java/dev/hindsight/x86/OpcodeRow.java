package dev.hindsight.x86;

/** A row of the opcode table (to be completed with the table). */
public record OpcodeRow(Mnemonic mnemonic) {}
