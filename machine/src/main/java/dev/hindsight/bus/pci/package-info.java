/**
 * What PCI devices share (PCI Local Bus Specification 3.0): configuration space, base address
 * registers, and the capabilities that signal interrupts by messages.
 *
 * <p>A device makes a {@link dev.hindsight.bus.pci.ConfigurationSpace} and gives it {@linkplain
 * dev.hindsight.bus.pci.BaseAddressRegister base address registers} and capabilities. To the host
 * bridge it is a {@link dev.hindsight.bus.pci.PciFunction}; to the board, which owns the addresses,
 * it says through a {@link dev.hindsight.bus.pci.BarListener} when its {@linkplain
 * dev.hindsight.bus.pci.BarWindow windows} have moved.
 */
@NullMarked
package dev.hindsight.bus.pci;

import org.jspecify.annotations.NullMarked;
