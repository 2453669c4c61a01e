/**
 * Virtual assertions: checks in guests that are skipped while a machine runs, and made when its
 * recording is replayed.
 *
 * <p>A guest reads a flag before each check (docs/formats/vassert.md). {@link
 * dev.hindsight.assertion.Checker} replays a stretch of a recording and stops before each such
 * read; {@link dev.hindsight.assertion.CheckBranch} sets the flag, has the machine go on by itself
 * until the guest says that the check is over, and forgets all of it but a {@link
 * dev.hindsight.assertion.Finding}. {@link dev.hindsight.assertion.CheckJob} does so for a whole
 * recording, with several machines at once.
 */
@NullMarked
package dev.hindsight.assertion;

import org.jspecify.annotations.NullMarked;
