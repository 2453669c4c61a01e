/** The door for virtual assertions. */
@NullMarked
package dev.hindsight.device.vassert;

import org.jspecify.annotations.NullMarked;
