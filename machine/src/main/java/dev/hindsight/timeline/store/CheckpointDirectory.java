package dev.hindsight.timeline.store;

import dev.hindsight.board.MachineDescription;
import dev.hindsight.board.MachineState;
import dev.hindsight.memory.GuestRam;
import dev.hindsight.memory.HostMemory;
import dev.hindsight.memory.RamSnapshot;
import dev.hindsight.timeline.Checkpoint;
import dev.hindsight.timeline.CheckpointStore;
import dev.hindsight.timeline.Moment;
import dev.hindsight.timeline.RecordingException;
import dev.hindsight.timeline.ReplayWorld;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checkpoints in a directory beside the files of a recording. The format is described in
 * docs/formats/checkpoints.md.
 *
 * <p>One process at a time writes; others read what is there, and keep nothing. Only the owner may
 * read the files: they hold what was in the machine's memory.
 */
public final class CheckpointDirectory implements CheckpointStore {
  /** Name of the directory within that of a recording. */
  public static final String NAME = "checkpoints";

  /** Bytes that checkpoints of a recording may take on disk unless somebody says otherwise. */
  public static final long DEFAULT_BUDGET = 1L << 30;

  private static final Pattern FILE = Pattern.compile("(\\d{1,18})-(\\d{1,18})-([01])");
  private static final Pattern PAGES = Pattern.compile("pages-(\\d{1,9})");
  private static final long MOST_FILE_BYTES = 1 << 28;

  private final Path recording;
  private final Path directory;
  private final MachineDescription machine;
  private final Function<ReplayWorld.Position, String> past;
  private final long budget;
  private final Consumer<String> warning;
  private final NavigableMap<Moment, Path> files = new TreeMap<>();
  private final NavigableMap<Integer, PageFile> open = new TreeMap<>();
  private @Nullable FileChannel lock;
  private int generation;
  private boolean full;

  // what was saved last, so that only what has changed since need be looked at
  private List<RamSnapshot> last = List.of();
  private List<MemoryPages> lastPages = List.of();

  private CheckpointDirectory(
      Path recording,
      MachineDescription machine,
      Function<ReplayWorld.Position, String> past,
      long budget,
      Consumer<String> warning) {
    this.recording = recording;
    this.directory = recording.resolve(NAME);
    this.machine = machine;
    this.past = past;
    this.budget = budget;
    this.warning = warning;
  }

  /**
   * Opens the checkpoints of a recording, of which there may be none yet. If they cannot be
   * written, because of the disk or because another process writes them, they are only read.
   *
   * @param recording the recording's directory
   * @param machine the recorded machine
   * @param past digest of the machine and of what had come into it
   * @param budget bytes that they may take on disk
   * @param warning who is told, in a sentence, what cannot be used or kept
   */
  public static CheckpointDirectory open(
      Path recording,
      MachineDescription machine,
      Function<ReplayWorld.Position, String> past,
      long budget,
      Consumer<String> warning) {
    CheckpointDirectory store = new CheckpointDirectory(recording, machine, past, budget, warning);
    store.list();
    return store;
  }

  private void list() {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
      for (Path p : all) {
        Matcher m = FILE.matcher(String.valueOf(p.getFileName()));
        if (m.matches()) {
          files.put(
              new Moment(
                  Long.parseLong(m.group(1)), Long.parseLong(m.group(2)), m.group(3).equals("1")),
              p);
        }
      }
    } catch (NoSuchFileException e) {
      // none yet
    } catch (IOException e) {
      warn("The checkpoints in %s cannot be read: %s.".formatted(directory, HostFiles.reason(e)));
    }
  }

  private void warn(String sentence) {
    warning.accept(sentence);
  }

  @Override
  public List<Moment> moments() {
    return List.copyOf(files.keySet());
  }

  /**
   * What checkpoints take on disk.
   *
   * @param checkpoints how many there are
   * @param bytes all their files
   */
  public record Size(int checkpoints, long bytes) {}

  /**
   * What the checkpoints of a recording take; nothing if there are none.
   *
   * @param recording the recording's directory
   */
  public static Size size(Path recording) throws IOException {
    int checkpoints = 0;
    long bytes = 0;
    Path directory = recording.resolve(NAME);
    if (!Files.isDirectory(directory)) {
      return new Size(0, 0);
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
      for (Path p : all) {
        checkpoints += FILE.matcher(String.valueOf(p.getFileName())).matches() ? 1 : 0;
        bytes += Files.size(p);
      }
    }
    return new Size(checkpoints, bytes);
  }

  // ---- reading

  @Override
  public @Nullable Stored load(Moment moment) {
    Path path = files.get(moment);
    if (path == null) {
      return null;
    }
    try {
      CheckpointFile file = read(path);
      check(file, moment);
      return new Stored(new Checkpoint(file.at(), state(file), file.inputs()), file.digest());
    } catch (IOException e) {
      refuse(moment, e instanceof RecordingException ? e.getMessage() : HostFiles.reason(e) + ".");
      return null;
    }
  }

  private static CheckpointFile read(Path path) throws IOException {
    return CheckpointFile.read(HostFiles.readAll("checkpoint", path, MOST_FILE_BYTES));
  }

  private void check(CheckpointFile file, Moment moment) throws RecordingException {
    if (file.behaviourVersion() != MachineDescription.BEHAVIOUR_VERSION) {
      throw new RecordingException(
          "It was made by a release with behaviour version %d, and this one has version %d."
              .formatted(file.behaviourVersion(), MachineDescription.BEHAVIOUR_VERSION));
    }
    String expected;
    try {
      expected = past.apply(file.inputs());
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      expected = "";
    }
    if (!file.at().equals(moment) || !file.past().equals(expected)) {
      throw new RecordingException("It is of another recording.");
    }
    List<MemoryPages> memories = file.memories();
    if (memories.size() != 1 + machine.disks().size()
        || memories.getFirst().total() * GuestRam.PAGE_BYTES != machine.memoryBytes()) {
      throw new RecordingException("It is of a machine with other memory.");
    }
  }

  private MachineState state(CheckpointFile file) throws IOException {
    PageFile pages = pages(file.generation());
    List<RamSnapshot> memories = new ArrayList<>();
    try {
      for (MemoryPages m : file.memories()) {
        memories.add(m.read(pages));
      }
    } catch (IOException | RuntimeException e) {
      memories.forEach(RamSnapshot::close);
      throw e;
    }
    return new MachineState(
        machine, file.parts(), memories.getFirst(), memories.subList(1, memories.size()));
  }

  private PageFile pages(int number) throws IOException {
    PageFile pages = open.get(number);
    if (pages == null) {
      pages = PageFile.open(pagesPath(number), false);
      open.put(number, pages);
    }
    return pages;
  }

  private Path pagesPath(int number) {
    return directory.resolve("pages-" + number);
  }

  @Override
  public void refuse(Moment moment, String why) {
    Path path = files.remove(moment);
    if (path != null) {
      warn("The checkpoint %s cannot be used, and is left out. %s".formatted(path, why));
    }
  }

  // ---- writing

  @Override
  public void save(Checkpoint checkpoint) {
    if (full || files.containsKey(checkpoint.at()) || !canWrite()) {
      return;
    }
    try {
      while (!saves(checkpoint)) {
        if (files.isEmpty()) {
          full = true;
          warn(
              "A checkpoint takes more than the %,d bytes that checkpoints may take in %s."
                  .formatted(budget, directory));
          return;
        }
        thin();
      }
    } catch (IOException e) {
      full = true;
      forget();
      warn("No more checkpoints are kept in %s: %s.".formatted(directory, HostFiles.reason(e)));
    }
  }

  /** Takes the lock when something is to be written for the first time. */
  private boolean canWrite() {
    if (lock != null) {
      return true;
    }
    try {
      if (!Files.isDirectory(directory)) {
        Files.createDirectory(directory, HostFiles.permissions(directory, "rwx------"));
      }
      Path path = directory.resolve("lock");
      if (!Files.exists(path)) {
        HostFiles.create(path).close();
      }
      FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE);
      if (!isLocked(channel)) {
        channel.close();
        full = true;
        return false;
      }
      lock = channel;
      list();
      begin();
      return true;
    } catch (IOException e) {
      full = true;
      warn("No checkpoints can be kept in %s: %s.".formatted(directory, HostFiles.reason(e)));
      return false;
    }
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      FileLock held = channel.tryLock();
      return held != null;
    } catch (OverlappingFileLockException e) {
      return false; // somebody else in this process
    }
  }

  /** Opens the file of pages, and takes away what a process that was killed had left. */
  private void begin() throws IOException {
    Set<Integer> used = new HashSet<>();
    for (Map.Entry<Moment, Path> e : List.copyOf(files.entrySet())) {
      try {
        used.add(read(e.getValue()).generation());
      } catch (IOException damaged) {
        refuse(e.getKey(), String.valueOf(damaged.getMessage()));
        Files.deleteIfExists(e.getValue());
      }
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
      for (Path p : all) {
        String name = String.valueOf(p.getFileName());
        Matcher m = PAGES.matcher(name);
        if (m.matches()) {
          int number = Integer.parseInt(m.group(1));
          generation = Math.max(generation, number);
          if (!used.contains(number)) {
            Files.delete(p);
          }
        } else if (name.endsWith(".new")) {
          Files.delete(p);
        }
      }
    }
    openPages(used.contains(generation));
  }

  private void openPages(boolean exists) throws IOException {
    PageFile readOnly = open.remove(generation);
    if (readOnly != null) {
      readOnly.close();
    }
    if (exists) {
      // where something is damaged, numbers of pages must not be given a second time
      try {
        PageFile pages = PageFile.open(pagesPath(generation), true);
        if (pages.isWhole()) {
          open.put(generation, pages);
          return;
        }
        pages.close();
      } catch (RecordingException damaged) {
        // its checkpoints are refused as they are read
      }
      generation++;
    }
    open.put(generation, PageFile.create(pagesPath(generation)));
  }

  /** Saves a checkpoint if there is room for it; whether there was. */
  private boolean saves(Checkpoint checkpoint) throws IOException {
    PageFile pages = pages(generation);
    long before = pages.bytes();
    List<RamSnapshot> memories = memories(checkpoint.state());
    List<MemoryPages> stored = new ArrayList<>();
    for (int i = 0; i < memories.size(); i++) {
      stored.add(store(memories.get(i), i, pages));
    }
    byte[] file =
        new CheckpointFile(
                MachineDescription.BEHAVIOUR_VERSION,
                past.apply(checkpoint.inputs()),
                generation,
                checkpoint.at(),
                checkpoint.inputs(),
                checkpoint.state().digest(checkpoint.at().tick()).total(),
                checkpoint.state().parts(),
                stored)
            .write();
    if (size(recording).bytes() + pages.bytes() - before + file.length > budget) {
      pages.abandon();
      forget();
      return false;
    }
    pages.flush();
    write(checkpoint.at(), file);
    forget();
    last = memories.stream().map(RamSnapshot::share).toList();
    lastPages = stored;
    return true;
  }

  private static List<RamSnapshot> memories(MachineState state) {
    List<RamSnapshot> all = new ArrayList<>();
    all.add(state.memory());
    all.addAll(state.disks());
    return all;
  }

  /** Stores the pages of a memory that have changed since the last time. */
  private MemoryPages store(RamSnapshot memory, int index, PageFile pages) {
    List<Long> changed = new ArrayList<>();
    MemoryPages before;
    if (last.isEmpty()) {
      before = MemoryPages.none(memory.pages());
      memory.touchedPages(changed::add);
    } else {
      before = lastPages.get(index);
      last.get(index).differences(memory, changed::add);
    }
    long[] numbers = new long[changed.size()];
    int[] ids = new int[numbers.length];
    byte[] page = new byte[GuestRam.PAGE_BYTES];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = changed.get(i);
      HostMemory.copyOut(memory.readAddress(numbers[i]), page, 0, page.length);
      ids[i] = isZero(page) ? PageFile.ZEROS : pages.add(page);
    }
    return before.with(numbers, ids);
  }

  private static boolean isZero(byte[] page) {
    for (byte b : page) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private void write(Moment at, byte[] content) throws IOException {
    Path path = directory.resolve("%d-%d-%d".formatted(at.steps(), at.tick(), at.begun() ? 1 : 0));
    Path temporary = directory.resolve(path.getFileName() + ".new");
    Files.deleteIfExists(temporary);
    try (FileChannel out = HostFiles.create(temporary)) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
    }
    Files.move(
        temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    files.put(at, path);
  }

  // ---- giving up

  /** Gives a third of them up, and writes the pages of the others anew. */
  private void thin() throws IOException {
    int most = files.size() * 2 / 3;
    while (files.size() > most) {
      Moment least = least();
      Path path = files.remove(least);
      if (path != null) {
        Files.deleteIfExists(path);
      }
    }
    compact();
  }

  /** The one that is missed least: of those far from the last one, where they are dense. */
  private Moment least() {
    List<Moment> all = moments();
    long end = all.getLast().steps();
    Moment least = all.getFirst();
    double leastValue = Double.MAX_VALUE;
    for (int i = 0; i < all.size() - 1; i++) {
      long before = i == 0 ? 0 : all.get(i - 1).steps();
      double gap = (double) all.get(i + 1).steps() - before;
      double value = gap / (1 + end - all.get(i).steps());
      if (value < leastValue) {
        least = all.get(i);
        leastValue = value;
      }
    }
    return least;
  }

  private void compact() throws IOException {
    int old = generation;
    generation++;
    PageFile to = PageFile.create(pagesPath(generation));
    open.put(generation, to);
    Map<Integer, int[]> moved = new HashMap<>();
    Set<Integer> from = new HashSet<>();
    byte[] page = new byte[GuestRam.PAGE_BYTES];
    for (Map.Entry<Moment, Path> e : List.copyOf(files.entrySet())) {
      try {
        CheckpointFile file = read(e.getValue());
        PageFile pages = pages(file.generation());
        from.add(file.generation());
        int[] known = moved.computeIfAbsent(file.generation(), g -> new int[pages.pages() + 1]);
        List<MemoryPages> memories = new ArrayList<>();
        for (MemoryPages m : file.memories()) {
          memories.add(move(m, pages, known, to, page));
        }
        to.flush();
        write(e.getKey(), file.moved(generation, memories).write());
      } catch (RecordingException damaged) {
        refuse(e.getKey(), String.valueOf(damaged.getMessage()));
        Files.deleteIfExists(e.getValue());
      }
    }
    from.add(old);
    for (int g : from.stream().sorted().toList()) {
      PageFile file = open.remove(g);
      if (file != null) {
        file.close();
      }
      Files.deleteIfExists(pagesPath(g));
    }
    forget();
  }

  private static MemoryPages move(
      MemoryPages memory, PageFile from, int[] known, PageFile to, byte[] page) throws IOException {
    int[] ids = new int[memory.ids().length];
    for (int i = 0; i < ids.length; i++) {
      int id = memory.ids()[i];
      if (id < 1 || id >= known.length) {
        throw new RecordingException("Its list of pages makes no sense.");
      }
      if (known[id] == 0) {
        from.read(id, page);
        known[id] = to.add(page);
      }
      ids[i] = known[id];
    }
    return new MemoryPages(memory.total(), Arrays.copyOf(memory.numbers(), ids.length), ids);
  }

  private void forget() {
    last.forEach(RamSnapshot::close);
    last = List.of();
    lastPages = List.of();
  }

  @Override
  public void close() {
    forget();
    try {
      for (PageFile p : List.copyOf(open.values())) {
        p.close();
      }
      if (lock != null) {
        lock.close();
      }
    } catch (IOException e) {
      warn("The checkpoints in %s: %s.".formatted(directory, HostFiles.reason(e)));
    }
    open.clear();
    lock = null;
  }
}
