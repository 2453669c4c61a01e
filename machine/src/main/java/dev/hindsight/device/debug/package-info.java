/**
 * Ports with which a guest talks to those who test it. Neither has any state, so neither is a
 * {@link dev.hindsight.bus.Device}.
 */
@NullMarked
package dev.hindsight.device.debug;

import org.jspecify.annotations.NullMarked;
