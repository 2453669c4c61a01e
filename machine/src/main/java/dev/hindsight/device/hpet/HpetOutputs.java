package dev.hindsight.device.hpet;

import dev.hindsight.bus.InterruptLine;
import dev.hindsight.bus.MessageSink;
import java.util.function.IntFunction;

/**
 * Where the interrupts of an HPET go.
 *
 * @param irq0 input 0 of the 8259s together with the I/O APIC's pin for it (2 in a PC)
 * @param irq8 input 8 of the 8259s together with the I/O APIC's pin 8
 * @param ioApicPin the I/O APIC's pins {@value Hpet#FIRST_PIN} to {@value Hpet#LAST_PIN}; if other
 *     chips drive them too, each of these lines is one of several that are joined there
 * @param messages where front-side-bus messages are written
 */
public record HpetOutputs(
    InterruptLine irq0,
    InterruptLine irq8,
    IntFunction<InterruptLine> ioApicPin,
    MessageSink messages) {}
