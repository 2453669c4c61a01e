package dev.hindsight.cli.guest;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Small packages and modules, made up for tests. */
final class Packages {
  private Packages() {}

  /** Writes a package with these files; how they are compressed is the ending of its data. */
  static DebianPackage write(Path file, String ending, Map<String, byte[]> files)
      throws IOException {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(compressed(ending, data))) {
      TarArchiveEntry root = new TarArchiveEntry("./");
      tar.putArchiveEntry(root);
      tar.closeArchiveEntry();
      for (Map.Entry<String, byte[]> each : files.entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry("./" + each.getKey());
        entry.setSize(each.getValue().length);
        tar.putArchiveEntry(entry);
        tar.write(each.getValue());
        tar.closeArchiveEntry();
      }
    }
    try (ArArchiveOutputStream ar = new ArArchiveOutputStream(Files.newOutputStream(file))) {
      member(ar, "debian-binary", text("2.0\n"));
      member(ar, "control.tar", new byte[0]);
      member(ar, "data.tar" + ending, data.toByteArray());
    }
    return new DebianPackage(file);
  }

  private static void member(ArArchiveOutputStream ar, String name, byte[] content)
      throws IOException {
    ar.putArchiveEntry(new ArArchiveEntry(name, content.length));
    ar.write(content);
    ar.closeArchiveEntry();
  }

  static byte[] compressed(String ending, byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = compressed(ending, bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  private static OutputStream compressed(String ending, OutputStream out) throws IOException {
    return switch (ending) {
      case ".xz" -> new XZOutputStream(out, new LZMA2Options(0));
      case ".zst" -> new ZstdOutputStream(out);
      case ".gz" -> new GZIPOutputStream(out);
      default -> out;
    };
  }

  static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** An ELF file of either class with nothing but a section {@code .modinfo}. */
  static byte[] module(boolean wide, String... information) {
    byte[] modinfo = text(String.join("\0", information) + "\0");
    byte[] names = text("\0.modinfo\0.shstrtab\0");
    int headerSize = wide ? 64 : 40;
    int namesAt = 64 + modinfo.length;
    int headersAt = namesAt + names.length;
    ByteBuffer elf = ByteBuffer.allocate(headersAt + 3 * headerSize).order(ByteOrder.LITTLE_ENDIAN);
    elf.putInt(0, 0x464C457F).put(4, (byte) (wide ? 2 : 1));
    if (wide) {
      elf.putLong(0x28, headersAt).putShort(0x3A, (short) headerSize);
      elf.putShort(0x3C, (short) 3).putShort(0x3E, (short) 2);
    } else {
      elf.putInt(0x20, headersAt).putShort(0x2E, (short) headerSize);
      elf.putShort(0x30, (short) 3).putShort(0x32, (short) 2);
    }
    elf.put(64, modinfo).put(namesAt, names);
    section(elf, wide, headersAt + headerSize, 1, 64, modinfo.length);
    section(elf, wide, headersAt + 2 * headerSize, 10, namesAt, names.length);
    return elf.array();
  }

  private static void section(
      ByteBuffer elf, boolean wide, int header, int name, int offset, int size) {
    elf.putInt(header, name);
    if (wide) {
      elf.putLong(header + 0x18, offset).putLong(header + 0x20, size);
    } else {
      elf.putInt(header + 0x10, offset).putInt(header + 0x14, size);
    }
  }
}
