/** The 16550A serial port (National Semiconductor PC16550D data sheet). */
@NullMarked
package dev.hindsight.device.uart;

import org.jspecify.annotations.NullMarked;
