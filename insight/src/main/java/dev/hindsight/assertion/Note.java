package dev.hindsight.assertion;

import java.util.OptionalLong;

/**
 * What a guest said of an instant in the recorded run itself.
 *
 * @param kind what it is
 * @param tick when
 * @param steps steps of all vCPUs after the call
 * @param name its name; bytes are characters from 0 to 255
 * @param value its value, if it has one
 */
public record Note(Kind kind, long tick, long steps, String name, OptionalLong value) {
  /** Kinds of notes. */
  public enum Kind {
    /** The instant has a name. */
    MARK,
    /** Something has a value. */
    VALUE,
    /** A part of the run begins that somebody wants to look at. */
    RECORD_START,
    /** It ends. */
    RECORD_STOP
  }
}
