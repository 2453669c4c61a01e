/**
 * ACPI's fixed hardware: the registers behind which the system finds its power button, its timer
 * and the switch (ACPI specification, chapter "ACPI Hardware Specification").
 */
@NullMarked
package dev.hindsight.device.acpi;

import org.jspecify.annotations.NullMarked;
