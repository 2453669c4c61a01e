/** Tests of the built-in guest. */
@NullMarked
package dev.hindsight.board.builtin;

import org.jspecify.annotations.NullMarked;
