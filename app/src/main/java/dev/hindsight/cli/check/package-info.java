/** {@code hindsight check}: the virtual assertions of a recording. */
@NullMarked
package dev.hindsight.cli.check;

import org.jspecify.annotations.NullMarked;
