/** ACPI's fixed hardware (ACPI specification, chapter "ACPI Hardware Specification"). */
@NullMarked
package dev.hindsight.device.acpi;

import org.jspecify.annotations.NullMarked;
