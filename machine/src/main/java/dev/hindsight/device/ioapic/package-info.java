/**
 * The I/O APIC (Intel 82093AA data sheet; ICH data sheets, chapter "Advanced Interrupt
 * Controller").
 */
@NullMarked
package dev.hindsight.device.ioapic;

import org.jspecify.annotations.NullMarked;
