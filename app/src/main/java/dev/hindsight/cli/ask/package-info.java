/**
 * {@code hindsight ask}: questions to a recording. Each goes to an instant of it and looks; nothing
 * that is asked changes the recording.
 */
@NullMarked
package dev.hindsight.cli.ask;

import org.jspecify.annotations.NullMarked;
