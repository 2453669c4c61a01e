package dev.hindsight.cli.ask;

import dev.hindsight.bus.Input;
import dev.hindsight.bus.state.StateDifferences;
import dev.hindsight.cli.Failure;
import dev.hindsight.cli.Json;
import dev.hindsight.timeline.ByteDifference;
import dev.hindsight.timeline.Edit;
import dev.hindsight.timeline.Intervention;
import dev.hindsight.timeline.RunDifference;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/**
 * How two runs differ, for programs: one object. Its {@code equal} says whether they do not;
 * addresses and values of fields are text, in hexadecimal digits behind 0x.
 */
final class DifferenceJson implements DifferenceAnswer, AutoCloseable {
  private final JsonGenerator json;

  /** Begins the object. */
  DifferenceJson(OutputStream out) {
    json = Json.to(out);
    json.writeStartObject();
  }

  @Override
  public void runs(Run first, Run second, List<String> descriptions) {
    json.writeArrayPropertyStart("runs");
    one(first);
    one(second);
    json.writeEndArray();
    texts("descriptions", descriptions);
  }

  private void one(Run run) {
    json.writeStartObject();
    json.writeStringProperty("recording", Failure.printable(run.recording().toString()));
    json.writeStringProperty("settings", run.settings().toString());
    json.writeEndObject();
  }

  /** What is compared is a replay and what was recorded. */
  void run(Run run) {
    json.writeArrayPropertyStart("runs");
    one(run);
    json.writeEndArray();
  }

  private void disagreements(Disagreements all) {
    optional("firstDisagreement", all.first());
    optional("secondDisagreement", all.second());
  }

  @Override
  public void equal(Disagreements disagreements, long tick, long steps) {
    json.writeBooleanProperty("equal", true);
    disagreements(disagreements);
    json.writeNumberProperty("tick", tick);
    json.writeNumberProperty("steps", steps);
  }

  /** A replay is what was recorded, as far as that was compared. */
  void equal(long tick) {
    json.writeBooleanProperty("equal", true);
    json.writeNumberProperty("tick", tick);
  }

  /**
   * A replay is not what was recorded.
   *
   * @param agreed the tick at which it was so last
   * @param inputs that came since then
   */
  void different(String sentence, long agreed, long tick, List<String> inputs) {
    json.writeBooleanProperty("equal", false);
    json.writeNumberProperty("agreedTick", agreed);
    json.writeNumberProperty("tick", tick);
    json.writeStringProperty("sentence", Failure.printable(sentence));
    texts("inputs", inputs);
  }

  @Override
  public void different(Disagreements disagreements, RunDifference d) {
    json.writeBooleanProperty("equal", false);
    disagreements(disagreements);
    json.writeStringProperty("cause", d.cause().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    json.writeNumberProperty("tick", d.tick());
    json.writeNumberProperty("steps", d.steps());
    json.writeNumberProperty("seenTick", d.seenTick());
    json.writeNumberProperty("seenSteps", d.seenSteps());
    if (d.vcpu().isPresent()) {
      json.writeNumberProperty("vcpu", d.vcpu().getAsInt());
    }
    texts("deadlines", d.deadlines());
    texts("firstInputs", inputs(d.firstInputs()));
    texts("secondInputs", inputs(d.secondInputs()));
    texts("firstChanges", changes(d.firstInterventions()));
    texts("secondChanges", changes(d.secondInterventions()));
    optional("firstObstacle", d.firstObstacle());
    optional("secondObstacle", d.secondObstacle());
    fields(d);
    bytes(d);
  }

  private static List<String> inputs(List<Input> all) {
    return all.stream().map(DifferenceReport::text).toList();
  }

  private static List<String> changes(List<Intervention> all) {
    return all.stream()
        .map(Intervention::edits)
        .flatMap(List<Edit>::stream)
        .map(DifferenceReport::text)
        .toList();
  }

  private void fields(RunDifference d) {
    json.writeArrayPropertyStart("fields");
    for (StateDifferences.Difference f : d.fields()) {
      json.writeStartObject();
      json.writeStringProperty("path", Failure.printable(f.path()));
      json.writeStringProperty("name", Failure.printable(StateNames.of(f.path())));
      json.writeStringProperty("first", Failure.printable(f.first()));
      json.writeStringProperty("second", Failure.printable(f.second()));
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeNumberProperty("moreFields", d.moreFields());
  }

  private void bytes(RunDifference d) {
    json.writeArrayPropertyStart("bytes");
    for (ByteDifference b : d.bytes()) {
      json.writeStartObject();
      json.writeStringProperty("where", Failure.printable(b.where()));
      json.writeStringProperty("address", "0x%x".formatted(b.address()));
      json.writeStringProperty("first", "0x%02x".formatted(b.first()));
      json.writeStringProperty("second", "0x%02x".formatted(b.second()));
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeNumberProperty("moreBytes", d.moreBytes());
  }

  private void texts(String name, List<String> all) {
    json.writeArrayPropertyStart(name);
    all.forEach(text -> json.writeString(Failure.printable(text)));
    json.writeEndArray();
  }

  private void optional(String name, Optional<String> text) {
    text.ifPresent(t -> json.writeStringProperty(name, Failure.printable(t)));
  }

  /** Ends the object; if an answer is missing it is whole nevertheless. */
  @Override
  public void close() {
    json.writeEndObject();
    json.writeRaw(System.lineSeparator());
    json.close();
  }
}
