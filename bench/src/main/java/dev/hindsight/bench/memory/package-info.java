/** What snapshots of guest memory, page copies and page hashes cost. */
@NullMarked
package dev.hindsight.bench.memory;

import org.jspecify.annotations.NullMarked;
