/** Tests of the Multiboot loader. */
@NullMarked
package dev.hindsight.board.multiboot;

import org.jspecify.annotations.NullMarked;
