/** How fast real kernels boot. */
@NullMarked
package dev.hindsight.bench.linux;

import org.jspecify.annotations.NullMarked;
