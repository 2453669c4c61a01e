/** The command: picocli commands, the only place where everything meets the host. */
@NullMarked
package dev.hindsight.cli;

import org.jspecify.annotations.NullMarked;
