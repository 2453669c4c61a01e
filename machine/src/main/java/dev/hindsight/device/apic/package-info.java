/** The local APIC (Intel SDM volume 3, chapter "Advanced Programmable Interrupt Controller"). */
@NullMarked
package dev.hindsight.device.apic;

import org.jspecify.annotations.NullMarked;
