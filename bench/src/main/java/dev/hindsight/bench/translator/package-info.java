/** How fast the binary translator is, and what it does in the meantime. */
@NullMarked
package dev.hindsight.bench.translator;

import org.jspecify.annotations.NullMarked;
