/**
 * What is left of the IBM PC/AT's board logic: system control ports A (92h) and B (61h) (IBM
 * Personal System/2 Hardware Interface Technical Reference, "System Control Ports"; Intel ICH data
 * sheets, "NMI Controller", "PORT92"), and the reset control register of Intel's chipsets.
 */
@NullMarked
package dev.hindsight.device.system;

import org.jspecify.annotations.NullMarked;
