/** Tests of the assembler. */
@NullMarked
package dev.hindsight.x86.assembler;

import org.jspecify.annotations.NullMarked;
