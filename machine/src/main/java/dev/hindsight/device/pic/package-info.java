/** The two 8259A interrupt controllers of a PC (Intel 8259A data sheet, 231468). */
@NullMarked
package dev.hindsight.device.pic;

import org.jspecify.annotations.NullMarked;
