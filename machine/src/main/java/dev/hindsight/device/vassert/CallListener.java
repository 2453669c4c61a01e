package dev.hindsight.device.vassert;

import dev.hindsight.bus.BackDoor;

/** Hears what guests say at the door. The machine cannot tell whether anybody does. */
public interface CallListener {
  /** Nobody listens. */
  CallListener NONE =
      new CallListener() {
        @Override
        public void called(Call call, BackDoor.Caller caller) {}

        @Override
        public void logged(int value, BackDoor.Caller caller) {}
      };

  /**
   * A guest called, and has been answered.
   *
   * @param caller whose registers hold what goes with the call; only EAX has changed
   */
  void called(Call call, BackDoor.Caller caller);

  /**
   * A guest sent a byte for the log, through VMware's port.
   *
   * @param value 0 to 255
   */
  void logged(int value, BackDoor.Caller caller);
}
