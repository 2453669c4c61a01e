/** How the library is used: an example that can be run, and that the tests run. */
@NullMarked
package dev.hindsight.example;

import org.jspecify.annotations.NullMarked;
