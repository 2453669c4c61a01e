package dev.hindsight.cli.check;

import dev.hindsight.assertion.CheckedInterval;
import dev.hindsight.assertion.Finding;
import dev.hindsight.assertion.Note;
import dev.hindsight.assertion.Place;
import dev.hindsight.assertion.Site;
import dev.hindsight.cli.Json;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;

/** What came of the checks, for programs. Addresses and registers are hexadecimal strings. */
final class CheckJson {
  private static final List<String> REGISTERS =
      List.of(
          "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12",
          "r13", "r14", "r15");

  private CheckJson() {}

  static void write(CheckedInterval result, PrintStream out) {
    try (JsonGenerator json = Json.to(out)) {
      json.writeStartObject();
      json.writeNumberProperty("checks", result.checks());
      json.writeArrayPropertyStart("failures");
      result.findings().forEach(f -> write(f, json));
      json.writeEndArray();
      json.writeArrayPropertyStart("notes");
      result.notes().forEach(n -> write(n, json));
      json.writeEndArray();
      json.writeEndObject();
    }
    out.println();
  }

  private static void write(Finding f, JsonGenerator json) {
    Site s = f.site();
    Place p = f.place();
    json.writeStartObject();
    json.writeStringProperty("verdict", name(f.verdict()));
    json.writeNumberProperty("tick", s.tick());
    json.writeNumberProperty("step", s.steps());
    json.writeNumberProperty("vcpu", s.vcpu());
    json.writeStringProperty("addressSpace", Long.toHexString(s.addressSpace()));
    json.writeNumberProperty("privilege", s.privilege());
    json.writeStringProperty("expression", p.expression());
    json.writeStringProperty("file", p.file());
    json.writeNumberProperty("line", p.line());
    json.writeStringProperty("function", p.function());
    json.writeNumberProperty("pid", p.pid());
    json.writeStringProperty("log", f.log());
    json.writeObjectPropertyStart("registers");
    json.writeStringProperty("rip", Long.toHexString(s.rip()));
    json.writeStringProperty("rflags", Long.toHexString(s.flags()));
    for (int n = 0; n < REGISTERS.size(); n++) {
      json.writeStringProperty(REGISTERS.get(n), Long.toHexString(s.registers().get(n)));
    }
    json.writeEndObject();
    json.writeArrayPropertyStart("returns");
    s.returns().forEach(r -> json.writeString(Long.toHexString(r)));
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void write(Note n, JsonGenerator json) {
    json.writeStartObject();
    json.writeStringProperty("kind", name(n.kind()));
    json.writeNumberProperty("tick", n.tick());
    json.writeNumberProperty("step", n.steps());
    json.writeStringProperty("name", n.name());
    if (n.value().isPresent()) {
      json.writeNumberProperty("value", n.value().getAsLong());
    }
    json.writeEndObject();
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
