/** Benchmarks that anybody can run, and conformance runs too long for the ordinary tests. */
@NullMarked
package dev.hindsight.bench;

import org.jspecify.annotations.NullMarked;
