/** Virtual assertions of guests, from recording to report. */
@NullMarked
package dev.hindsight.cli.check;

import org.jspecify.annotations.NullMarked;
