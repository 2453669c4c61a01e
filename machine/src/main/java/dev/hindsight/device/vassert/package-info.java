/**
 * The door through which guests register virtual assertions: checks that are skipped while a
 * machine runs, and made when its recording is replayed.
 *
 * <p>{@link dev.hindsight.device.vassert.AssertionDoor} answers calls at two ports at any privilege
 * level: those of VMware's VAssert, and our own (docs/formats/vassert.md). Its state is which pages
 * guests have registered, and in which address spaces. All else that a guest may say there (that a
 * check is over, a line of a log, the name of a mark) changes nothing in the machine, and is told
 * to a {@link dev.hindsight.device.vassert.CallListener}.
 */
@NullMarked
package dev.hindsight.device.vassert;

import org.jspecify.annotations.NullMarked;
