package dev.hindsight.gdb;

/** A packet that cannot be done what it asks for: what is answered instead. */
final class PacketException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String reply;

  private PacketException(String reply) {
    super(reply, null, false, false);
    this.reply = reply;
  }

  /** The packet is not as the protocol has it, or names what there is not (EINVAL). */
  static PacketException malformed() {
    return new PacketException("E16");
  }

  /** There is no memory at that address (EFAULT). */
  static PacketException noMemory() {
    return new PacketException("E0e");
  }

  /** There are as many as there may be (ENOSPC). */
  static PacketException tooMany() {
    return new PacketException("E1c");
  }

  /** With a sentence; debuggers show it where they can. */
  static PacketException saying(String sentence) {
    return new PacketException("E." + sentence);
  }

  /** The reply. */
  String reply() {
    return reply;
  }
}
