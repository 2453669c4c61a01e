/**
 * Code of the guest as engines keep it: blocks that were decoded or translated from physical pages,
 * found by physical address and mode, and dropped as soon as a byte that they came from is written,
 * by whomever and at whatever address.
 */
@NullMarked
package dev.hindsight.cpu.code;

import org.jspecify.annotations.NullMarked;
