package dev.hindsight.translator;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** JFR: a block was translated. */
@Name("dev.hindsight.BlockTranslated")
@Label("Block Translated")
@Category({"Hindsight", "Translator"})
@Description("A block of the guest's code was translated")
@StackTrace(false)
final class TranslationEvent extends Event {
  @Label("Linear Address")
  long linear;

  @Label("Physical Address")
  long physical;

  @Label("Instructions")
  int instructions;

  @Label("Bytes of Code")
  int bytes;
}
