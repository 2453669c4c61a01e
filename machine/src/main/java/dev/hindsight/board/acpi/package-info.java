/**
 * What firmware tells an operating system of the PC: ACPI tables, made at power-on from the number
 * of processors.
 *
 * <p>{@link dev.hindsight.board.acpi.AcpiTables} lays all of them out, from the root pointer at
 * E0000h on, and is what others use. The tables are a class each: {@code FixedDescription} (FADT),
 * {@code InterruptControllers} (MADT), {@code EventTimer} (HPET), {@code FirmwareControl} (FACS)
 * and {@code Dsdt}, whose contents are devices and methods in AML, the byte code of ACPI. {@code
 * Aml} and {@code AmlCode} encode it: they have a method for each construct that is used here, and
 * no other. {@code ResourceTemplate} does the same for lists of resources.
 *
 * <p>Source: Advanced Configuration and Power Interface Specification, version 3.0b, for tables,
 * chapter 17 (AML) and 6.4 (resources). Revisions of tables are those that kernels of 2005 and of
 * today both take.
 */
@NullMarked
package dev.hindsight.board.acpi;

import org.jspecify.annotations.NullMarked;
