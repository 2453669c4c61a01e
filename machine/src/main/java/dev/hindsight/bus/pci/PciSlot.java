package dev.hindsight.bus.pci;

import dev.hindsight.bus.DeadlineQueue;
import dev.hindsight.bus.InterruptLine;
import dev.hindsight.bus.MessageSink;
import dev.hindsight.bus.PhysicalMemory;
import dev.hindsight.bus.VirtualClock;

/**
 * What the board gives to a PCI device.
 *
 * @param clock the present
 * @param deadlines the device's deadlines
 * @param memory guest memory, for DMA
 * @param messages where message-signalled interrupts go
 * @param pin what its interrupt pin INTA# is wired to
 */
public record PciSlot(
    VirtualClock clock,
    DeadlineQueue deadlines,
    PhysicalMemory memory,
    MessageSink messages,
    InterruptLine pin) {}
