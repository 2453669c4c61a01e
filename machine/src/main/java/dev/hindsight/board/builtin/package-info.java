/** The guest that comes with Hindsight. */
@NullMarked
package dev.hindsight.board.builtin;

import org.jspecify.annotations.NullMarked;
