/** Tests of the ACPI tables. */
@NullMarked
package dev.hindsight.board.acpi;

import org.jspecify.annotations.NullMarked;
