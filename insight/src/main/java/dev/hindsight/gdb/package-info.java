/**
 * The server for debuggers: it speaks the remote serial protocol of GDB (GDB manual, appendix
 * "Remote Protocol") over TCP, to one debugger at a time.
 *
 * <p>From the socket inwards: a {@link dev.hindsight.gdb.Wire} carries bytes, a {@link
 * dev.hindsight.gdb.PacketDecoder} makes packets of them, a {@link dev.hindsight.gdb.PacketChannel}
 * acknowledges and repeats, a {@link dev.hindsight.gdb.Session} hands each packet to whoever
 * answers it, and these look at a {@link dev.hindsight.gdb.DebugTarget}: a recording, forwards and
 * backwards, or a machine that is running.
 *
 * <p>Threads of the debugger are vCPUs, numbered from 1. Breakpoints are at linear addresses and
 * change nothing in memory. The program counter is EIP or RIP as it is, as other machine emulators
 * report it: where CS has a base that is not 0, it is not the linear address of the code.
 */
@NullMarked
package dev.hindsight.gdb;

import org.jspecify.annotations.NullMarked;
