/**
 * How the parts of the machine meet: address spaces, interrupt lines, the virtual clock with its
 * deadlines, the one door for inputs ({@link dev.hindsight.bus.World}) and saved state.
 */
@NullMarked
package dev.hindsight.bus;

import org.jspecify.annotations.NullMarked;
