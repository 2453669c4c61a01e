/**
 * The keyboard controller of a PC with a PS/2 keyboard and mouse (IBM Personal System/2 Hardware
 * Interface Technical Reference, "Keyboard and Auxiliary Device Controller", "Keyboard" and
 * "Mouse"; Intel UPI-41AH/42AH data sheet; Microsoft's IntelliMouse extension).
 *
 * <p>{@link dev.hindsight.device.i8042.I8042} is the chip, and the device of which the keyboard and
 * the mouse are parts. A byte that these send takes as long as eleven bits on the wire; what the
 * controller itself answers is there at once.
 */
@NullMarked
package dev.hindsight.device.i8042;

import org.jspecify.annotations.NullMarked;
