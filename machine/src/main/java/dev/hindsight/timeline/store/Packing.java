package dev.hindsight.timeline.store;

import dev.hindsight.board.DiskDescription;
import dev.hindsight.board.Image;
import dev.hindsight.board.MachineDescription;
import dev.hindsight.storage.BlockStore;
import dev.hindsight.storage.StorageException;
import dev.hindsight.storage.WitnessedBlocks;
import dev.hindsight.timeline.DiskBlocks;
import dev.hindsight.timeline.MemoryStore;
import dev.hindsight.timeline.Recording;
import dev.hindsight.timeline.RecordingException;
import dev.hindsight.timeline.Sources;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Recordings in one file with all that a replay needs: the recording, the files that its images are
 * made of, and of each disk image the blocks that the run read. The format is described in
 * docs/formats/packed.md.
 */
public final class Packing {
  /** A description is some kilobytes of text. */
  private static final long MOST_DESCRIPTION = 1 << 20;

  private static final long MOST_LOG = 1 << 30;

  /** What a byte array can hold, with room for its header. */
  private static final long MOST_FILE = Integer.MAX_VALUE - 64;

  private Packing() {}

  /**
   * Packs a recording.
   *
   * @param directory the recording
   * @param target the file to be made; it must not exist
   * @param builder makes the machine's images anew, so that a changed file is noticed
   * @throws IOException if something is missing, is not what was recorded, or cannot be written;
   *     the message is one sentence, and no file is left
   */
  public static void pack(Path directory, Path target, ImageBuilder builder) throws IOException {
    DirectoryStore store = DirectoryStore.open(directory);
    Recording recording = DirectoryStore.recording(directory);
    MachineDescription machine = recording.description();
    BootFiles files = BootFiles.read(recording.sources().boot(), directory, MOST_FILE);
    checkImages(machine, files, builder);
    try (DiskImages disks = DiskImages.open(machine, recording.sources(), directory)) {
      List<BlocksHeader> headers = new ArrayList<>();
      for (int i = 0; i < machine.disks().size(); i++) {
        headers.add(header(machine.disks().get(i), recording.blocks().get(i)));
      }
      Sources names = PackedNames.rename(recording.sources(), machine.disks().size());
      List<byte[]> first = new ArrayList<>();
      first.add(recording.descriptionWith(names));
      first.add(store.read(Recording.LOG));
      long total = headers.stream().mapToLong(BlocksHeader::fileBytes).sum();
      total += first.stream().mapToLong(b -> b.length).sum();
      total += contents(files).stream().mapToLong(b -> b.length).sum();
      FileChannel channel = create(target);
      try (PackWriter out =
          new PackWriter(new BufferedOutputStream(Channels.newOutputStream(channel)), total)) {
        add(out, List.of(Recording.DESCRIPTION, Recording.LOG), first);
        add(out, PackedNames.files(recording.sources().boot()), contents(files));
        for (int i = 0; i < headers.size(); i++) {
          DiskBlocks blocks = recording.blocks().get(i);
          String source = recording.sources().disks().get(i).path();
          out.begin(PackedNames.disk(i), headers.get(i).fileBytes());
          addBlocks(out, headers.get(i), disks.images().get(i), blocks, source);
        }
      } catch (IOException | RuntimeException e) {
        channel.close();
        Files.deleteIfExists(target);
        throw sentence(e, "The file " + target + " cannot be written");
      }
    }
  }

  /** A failure with a sentence; one that has none gets this one. */
  private static IOException sentence(Exception e, String what) {
    return switch (e) {
      case RecordingException r -> r;
      case StorageException s -> new RecordingException(Objects.requireNonNull(s.getMessage()));
      case IOException io -> new RecordingException(what + ": " + HostFiles.reason(io) + ".");
      case RuntimeException r -> throw r;
      default -> throw new IllegalStateException(e);
    };
  }

  private static FileChannel create(Path target) throws RecordingException {
    try {
      return HostFiles.create(target);
    } catch (IOException e) {
      throw new RecordingException(
          "The file %s cannot be written: %s.".formatted(target, HostFiles.reason(e)));
    }
  }

  private static void checkImages(MachineDescription machine, BootFiles files, ImageBuilder builder)
      throws RecordingException {
    List<Image> present;
    try {
      present = builder.images(machine, files);
    } catch (IllegalArgumentException e) {
      throw new RecordingException(
          "What the machine was booted from is not what was recorded: " + e.getMessage() + ".");
    }
    ChangedImages.check(machine, present, files.boot());
  }

  /** The files of a boot in the order of {@link PackedNames#files}. */
  private static List<byte[]> contents(BootFiles files) {
    return switch (files.boot()) {
      case Sources.Boot.None() -> List.of();
      case Sources.Boot.Linux linux ->
          linux.initrd().isPresent()
              ? List.of(files.kernel(), files.initrd())
              : List.of(files.kernel());
      case Sources.Boot.Multiboot multiboot -> {
        List<byte[]> all = new ArrayList<>();
        all.add(files.kernel());
        all.addAll(files.modules());
        yield all;
      }
    };
  }

  private static void add(PackWriter out, List<String> names, List<byte[]> contents)
      throws IOException {
    for (int i = 0; i < names.size(); i++) {
      out.begin(names.get(i), contents.get(i).length);
      out.add(contents.get(i), contents.get(i).length);
    }
  }

  private static BlocksHeader header(DiskDescription disk, DiskBlocks blocks) {
    List<Long> numbers = new ArrayList<>();
    blocks.forEach(numbers::add);
    return new BlocksHeader(disk.bytes(), numbers.stream().mapToLong(Long::longValue).toArray());
  }

  private static void addBlocks(
      PackWriter out, BlocksHeader header, BlockStore image, DiskBlocks recorded, String source)
      throws IOException {
    byte[] head = header.toBytes();
    out.add(head, head.length);
    byte[] block = new byte[WitnessedBlocks.BLOCK_BYTES];
    for (long number : header.numbers()) {
      int length = header.blockBytes(number);
      image.read(number * WitnessedBlocks.BLOCK_BYTES, block, 0, length);
      if (WitnessedBlocks.digest(block, length) != recorded.digest(number).orElseThrow()) {
        throw new RecordingException(
            "The disk image %s is not what it was when it was recorded: its block %d has changed."
                .formatted(source, number));
      }
      out.add(block, length);
    }
  }

  /**
   * Makes a recording of a packed one. Its sources are relative to its directory, which can be
   * moved.
   *
   * @param packed the file
   * @param directory the directory to be made; it must not exist
   * @throws IOException if the file is not as {@link #pack} makes them, if there is not enough
   *     room, or if something cannot be written; the message is one sentence, and no directory is
   *     left
   */
  public static void unpack(Path packed, Path directory) throws IOException {
    try (InputStream in =
        new BufferedInputStream(Channels.newInputStream(HostFiles.open("file", packed)))) {
      PackReader reader = new PackReader(in, packed);
      DirectoryStore store = DirectoryStore.create(directory);
      try {
        checkRoom(reader, packed, directory);
        unpack(reader, packed, store);
      } catch (IOException | RuntimeException e) {
        delete(directory);
        throw sentence(e, "The packed recording " + packed + " cannot be unpacked to " + directory);
      }
    }
  }

  private static void checkRoom(PackReader reader, Path packed, Path directory) throws IOException {
    long room = Files.getFileStore(directory).getUsableSpace();
    if (reader.total() > room) {
      throw new RecordingException(
          "The packed recording %s needs %d bytes, and there is room for %d at %s."
              .formatted(packed, reader.total(), room, directory));
    }
  }

  private static void unpack(PackReader reader, Path packed, DirectoryStore store)
      throws IOException {
    MemoryStore memory = new MemoryStore();
    for (String name : List.of(Recording.DESCRIPTION, Recording.LOG)) {
      long most = name.equals(Recording.LOG) ? MOST_LOG : MOST_DESCRIPTION;
      memory.write(name, reader.read(name, most));
      store.write(name, memory.read(name));
    }
    Recording recording = Recording.read(memory);
    MachineDescription machine = recording.description();
    Sources sources = recording.sources();
    if (!sources.equals(PackedNames.rename(sources, machine.disks().size()))) {
      throw new RecordingException(
          "The packed recording " + packed + " is damaged: its sources are outside of it.");
    }
    // everything that is booted fits into the machine's memory, but for headers
    long most = Math.min(MOST_FILE, machine.memoryBytes() + MOST_DESCRIPTION);
    for (String name : PackedNames.files(sources.boot())) {
      extract(reader, name, 0, most, store);
    }
    for (int i = 0; i < machine.disks().size(); i++) {
      BlocksHeader header = header(machine.disks().get(i), recording.blocks().get(i));
      String name = PackedNames.disk(i);
      extract(reader, name, header.fileBytes(), header.fileBytes(), store);
    }
    reader.end();
    DiskImages.open(machine, sources, store.directory()).close();
  }

  private static void extract(
      PackReader reader, String name, long least, long most, DirectoryStore store)
      throws IOException {
    Path path = store.directory().resolve(name);
    try (OutputStream out =
        new BufferedOutputStream(Channels.newOutputStream(HostFiles.create(path)))) {
      reader.extract(name, least, most, out);
    }
  }

  /** Removes a directory that was just made here. */
  private static void delete(Path directory) throws IOException {
    List<Path> files;
    try (var list = Files.list(directory)) {
      files = list.toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
    Files.delete(directory);
  }
}
