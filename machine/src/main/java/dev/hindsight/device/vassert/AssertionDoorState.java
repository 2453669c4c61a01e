package dev.hindsight.device.vassert;

import java.util.List;

/**
 * State of the {@link AssertionDoor}.
 *
 * @param registrations the state pages, in the order in which they were registered
 */
public record AssertionDoorState(List<Registration> registrations) {
  /** Copies the list. */
  public AssertionDoorState {
    registrations = List.copyOf(registrations);
  }
}
