/**
 * The two bridges of a PC of the nineties: the host bridge of the 440FX (Intel 290549, "82441FX
 * PMC") and the ISA bridge of the PIIX3 (Intel 290550, "82371SB").
 */
@NullMarked
package dev.hindsight.device.pci;

import org.jspecify.annotations.NullMarked;
