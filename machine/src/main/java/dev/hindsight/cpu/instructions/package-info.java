/** What the instructions mean, in packages named after the chapters of Intel's manual, volume 1. */
@NullMarked
package dev.hindsight.cpu.instructions;

import org.jspecify.annotations.NullMarked;
