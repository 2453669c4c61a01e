/** The chips, one package each. A chip does not know where it lives. */
@NullMarked
package dev.hindsight.device;

import org.jspecify.annotations.NullMarked;
