package dev.hindsight.translator;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** JFR: all translations were forgotten. */
@Name("dev.hindsight.CodeFlushed")
@Label("Code Flushed")
@Category({"Hindsight", "Translator"})
@Description("The memory for translated code was full: all of it was forgotten")
@StackTrace(false)
final class FlushEvent extends Event {
  @Label("Blocks")
  int blocks;

  @Label("Bytes of Code")
  long bytes;
}
