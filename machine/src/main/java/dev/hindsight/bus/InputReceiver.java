package dev.hindsight.bus;

/** A device that takes inputs from outside. */
public interface InputReceiver {
  /**
   * Takes an input that names this device, or {@link Input.PowerButton}, which all receivers get.
   * One that makes no sense to it is ignored.
   */
  void input(Input input);
}
