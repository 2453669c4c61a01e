package dev.hindsight.device.vassert;

import dev.hindsight.bus.BackDoor;
import dev.hindsight.bus.Device;
import java.util.ArrayList;
import java.util.List;

/**
 * Answers guests that have virtual assertions, at two ports, and remembers their state pages.
 *
 * <p>A registration belongs to an address space, which may end without a word. So there are no more
 * than {@link #MOST}, and where there are more the oldest is forgotten; whoever makes use of one
 * looks whether the page still is where it was.
 *
 * <p>Its registers are those of the CPU that calls. A {@linkplain #listener listener} is not saved.
 */
public final class AssertionDoor implements Device<AssertionDoorState>, BackDoor {
  /** Port of the calls. */
  public static final int CALLS = 0x5658;

  /** Port of VMware's log, by OUTSB. */
  public static final int LOG = 0x5659;

  /** Most registrations. */
  public static final int MOST = 64;

  /** Version of our own calls. */
  public static final int VERSION = 1;

  private static final int RAX = 0;
  private static final int RBX = 3;
  private static final int LOG_TEXT = 1 | 4 << 16;
  private static final int PAGE = 4096;
  private static final int DONE = 0;
  private static final int REFUSED = -1;

  private final String name;
  private final List<Registration> registrations = new ArrayList<>();
  private CallListener listener = CallListener.NONE;

  /** A door at which nobody has registered anything. */
  public AssertionDoor(String name) {
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  /** The state pages, in the order in which they were registered. */
  public List<Registration> registrations() {
    return List.copyOf(registrations);
  }

  /** Says who hears of calls from now on. */
  public void listener(CallListener value) {
    listener = value;
  }

  @Override
  public boolean answers(int port, int bytes, Caller caller) {
    return switch (port) {
      case CALLS -> bytes == Integer.BYTES && Call.of(caller) != null;
      case LOG -> bytes == 1 && Call.hasMagic(caller) && (int) caller.register(RBX) == LOG_TEXT;
      default -> false;
    };
  }

  @Override
  public void call(int port, Caller caller) {
    Call call = port == CALLS ? Call.of(caller) : null;
    if (call != null) {
      caller.register32(RAX, answer(call, caller));
      listener.called(call, caller);
    }
  }

  @Override
  public void put(int port, int value, Caller caller) {
    listener.logged(value & 0xFF, caller);
  }

  private int answer(Call call, Caller caller) {
    return switch (call) {
      case VERSION -> VERSION;
      case REGISTER -> register(caller.linear(caller.register(RBX)), caller);
      case SET_ADDRESS -> register(caller.linear(caller.register(RBX) & 0xFFFF_FFFFL), caller);
      case UNREGISTER -> unregister(caller.linear(caller.register(RBX)), caller);
      default -> DONE;
    };
  }

  private int register(long linear, Caller caller) {
    if (linear % PAGE != 0) {
      return REFUSED;
    }
    int _ = unregister(linear, caller);
    if (registrations.size() == MOST) {
      registrations.removeFirst();
    }
    long physical = caller.physical(linear).orElse(Registration.UNMAPPED);
    registrations.add(new Registration(caller.addressSpace(), linear, physical));
    return DONE;
  }

  private int unregister(long linear, Caller caller) {
    return registrations.removeIf(r -> r.isAt(caller.addressSpace(), linear)) ? DONE : REFUSED;
  }

  @Override
  public void reset() {
    registrations.clear();
  }

  @Override
  public AssertionDoorState save() {
    return new AssertionDoorState(registrations);
  }

  @Override
  public void load(AssertionDoorState state) {
    registrations.clear();
    registrations.addAll(state.registrations());
  }

  @Override
  public Class<AssertionDoorState> stateType() {
    return AssertionDoorState.class;
  }
}
