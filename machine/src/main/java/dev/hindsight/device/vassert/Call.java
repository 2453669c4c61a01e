package dev.hindsight.device.vassert;

import dev.hindsight.bus.BackDoor;
import org.jspecify.annotations.Nullable;

/**
 * What a guest can say at the door. Which it says is in ECX: the lower half is a number of VMware's
 * or {@link #OURS}, the upper half which of its calls.
 */
public enum Call {
  /** Ours: is the door there, and which version has it? */
  VERSION(Call.OURS, 0),
  /** Ours: RBX is the linear address of a state page. */
  REGISTER(Call.OURS, 1),
  /** Ours: RBX is the linear address of a state page that is no more. */
  UNREGISTER(Call.OURS, 2),
  /** Ours: a check is over; EBX is 0 if what it asserts is true, 1 if it is false. */
  END(Call.OURS, 3),
  /** Ours: text for the log of the check. */
  LOG(Call.OURS, 4),
  /** Ours: the text is the expression that is asserted. */
  EXPRESSION(Call.OURS, 5),
  /** Ours: the text is a file of source code, EBX a line of it. */
  FILE(Call.OURS, 6),
  /** Ours: the text is the name of a function, EBX the number of the process. */
  FUNCTION(Call.OURS, 7),
  /** Ours: the text is a name for this instant. */
  MARK(Call.OURS, 8),
  /** Ours: the text is a number of 8 bytes, and then its name. */
  VALUE(Call.OURS, 9),
  /** Ours: a part of the run begins that is to be looked at. */
  RECORD_START(Call.OURS, 10),
  /** Ours: it ends. */
  RECORD_STOP(Call.OURS, 11),
  /** VMware's: EBX is the address of a state page. */
  SET_ADDRESS(Call.VASSERT, 1),
  /** VMware's: a check is over. */
  RETURN_TO_REPLAY(Call.VASSERT, 2),
  /** VMware's: what is asserted is false; somebody should look. */
  GO_LIVE(Call.VASSERT, 3),
  /** VMware's: as {@link #RECORD_START} and, by EBX, {@link #RECORD_STOP}. */
  RECORDING(Call.STATE_LOGGER, 0);

  /** What the lower half of ECX is in our own calls. */
  static final int OURS = 0x4853;

  private static final int VASSERT = 51;
  private static final int STATE_LOGGER = 47;

  private static final int RAX = 0;
  private static final int RCX = 1;
  private static final int RBX = 3;
  private static final int MAGIC = 0x564D_5868;
  private static final int START = 1;
  private static final int STOP = 2;

  private final int command;

  Call(int group, int number) {
    command = group | number << 16;
  }

  /** Whether a caller knows the magic number. */
  static boolean hasMagic(BackDoor.Caller caller) {
    return (int) caller.register(RAX) == MAGIC;
  }

  /** What a caller says, or null if it says nothing that is known here. */
  static @Nullable Call of(BackDoor.Caller caller) {
    if (!hasMagic(caller)) {
      return null;
    }
    int command = (int) caller.register(RCX);
    int parameter = (int) caller.register(RBX);
    for (Call c : values()) {
      if (c.command == command) {
        return c != RECORDING
            ? c
            : parameter == START ? RECORD_START : parameter == STOP ? RECORD_STOP : null;
      }
    }
    return null;
  }
}
