/** The high-precision event timers (IA-PC HPET Specification, revision 1.0a). */
@NullMarked
package dev.hindsight.device.hpet;

import org.jspecify.annotations.NullMarked;
