/**
 * The real-time clock and its CMOS memory (Motorola MC146818A data sheet; Intel ICH data sheets,
 * "Real Time Clock", for what PCs added: the second bank and the century).
 */
@NullMarked
package dev.hindsight.device.rtc;

import org.jspecify.annotations.NullMarked;
