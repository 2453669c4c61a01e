package dev.hindsight.translator;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** JFR: emitted code was left. Off unless it is asked for. */
@Name("dev.hindsight.CodeLeft")
@Label("Code Left")
@Category({"Hindsight", "Translator"})
@Description(
    "Translated code returned to the engine; there are millions of these, so they must be asked for")
@StackTrace(false)
@Enabled(false)
final class ExitEvent extends Event {
  @Label("Why")
  String kind = "";

  @Label("Linear Address")
  long linear;

  @Label("Instruction")
  String instruction = "";
}
