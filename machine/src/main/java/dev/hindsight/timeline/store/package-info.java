/** Keeps recordings in directories: the one place of the machine library that touches files. */
@NullMarked
package dev.hindsight.timeline.store;

import org.jspecify.annotations.NullMarked;
