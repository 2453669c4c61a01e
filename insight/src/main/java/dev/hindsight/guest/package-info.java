/** An operating system seen from outside: symbols, processes, threads, user stacks. */
@NullMarked
package dev.hindsight.guest;

import org.jspecify.annotations.NullMarked;
