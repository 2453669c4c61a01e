/** The PC: which chip sits at which address and line, reset and power, and how vCPUs take turns. */
@NullMarked
package dev.hindsight.board;

import org.jspecify.annotations.NullMarked;
