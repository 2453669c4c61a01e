/** Tests of what firmware leaves behind. */
@NullMarked
package dev.hindsight.board.firmware;

import org.jspecify.annotations.NullMarked;
