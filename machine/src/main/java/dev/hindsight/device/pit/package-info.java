/** The 8254 programmable interval timer (Intel 8254 data sheet, 231164). */
@NullMarked
package dev.hindsight.device.pit;

import org.jspecify.annotations.NullMarked;
