package dev.hindsight.gdb;

import java.util.List;

/** Writes target descriptions as XML. No name in them needs to be escaped. */
final class TargetXml {
  private final StringBuilder out = new StringBuilder();
  private int number;

  private TargetXml() {}

  static String of(String architecture, List<Feature> features) {
    TargetXml xml = new TargetXml();
    xml.line("<?xml version=\"1.0\"?>");
    xml.line("<!DOCTYPE target SYSTEM \"gdb-target.dtd\">");
    xml.line("<target version=\"1.0\">");
    xml.line("<architecture>%s</architecture>", architecture);
    features.forEach(xml::feature);
    xml.line("</target>");
    return xml.out.toString();
  }

  private void feature(Feature feature) {
    line("<feature name=\"%s\">", feature.name());
    feature.types().forEach(this::type);
    feature.registers().forEach(this::register);
    line("</feature>");
  }

  private void type(RegisterType type) {
    switch (type) {
      case RegisterType.Flags(String id, int bytes, List<RegisterType.Bits> fields) -> {
        line("<flags id=\"%s\" size=\"%d\">", id, bytes);
        for (RegisterType.Bits f : fields) {
          line("<field name=\"%s\" start=\"%d\" end=\"%d\"/>", f.name(), f.first(), f.last());
        }
        line("</flags>");
      }
      case RegisterType.Vector(String id, String element, int count) ->
          line("<vector id=\"%s\" type=\"%s\" count=\"%d\"/>", id, element, count);
      case RegisterType.Union(String id, List<RegisterType.Member> members) -> {
        line("<union id=\"%s\">", id);
        for (RegisterType.Member m : members) {
          line("<field name=\"%s\" type=\"%s\"/>", m.name(), m.type());
        }
        line("</union>");
      }
    }
  }

  private void register(Register r) {
    String group = r.group().isEmpty() ? "" : " group=\"" + r.group() + "\"";
    line(
        "<reg name=\"%s\" bitsize=\"%d\" type=\"%s\" regnum=\"%d\"%s/>",
        r.name(), r.bits(), r.type(), number, group);
    number++;
  }

  private void line(String format, Object... values) {
    out.append(format.formatted(values)).append('\n');
  }
}
