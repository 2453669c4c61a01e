/** Tests of the SMBIOS table, by hand and with dmidecode. */
@NullMarked
package dev.hindsight.board.smbios;

import org.jspecify.annotations.NullMarked;
