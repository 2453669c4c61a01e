package dev.hindsight.timeline.store;

import dev.hindsight.timeline.Instant;
import dev.hindsight.timeline.RecordingException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names that people gave to instants of a recording, in a file beside it. It is no part of the
 * recording, and may be written by hand: a title, then lines like {@code tick 700000000 booted} and
 * {@code step 1234 crash}.
 */
public final class Marks {
  /** Name of the file. */
  public static final String FILE = "marks";

  private static final String TITLE = "hindsight marks 1";
  private static final String TICK = "tick";
  private static final long MOST_BYTES = 1 << 20;
  private static final int LONGEST = 100;
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9._-]*");
  private static final Pattern LINE =
      Pattern.compile("(tick|step) ([0-9]{1,18}) (" + NAME.pattern() + ")");

  private final @Nullable Path directory;
  private final SortedMap<String, Instant> marks = new TreeMap<>();

  /** Where names are kept. */
  @FunctionalInterface
  public interface Source {
    /**
     * The names as they are now: others may have given some in the meantime.
     *
     * @throws IOException if they cannot be read; the message is one sentence
     */
    Marks read() throws IOException;
  }

  private Marks(@Nullable Path directory) {
    this.directory = directory;
  }

  /**
   * Those of a recording; none if there is no such file.
   *
   * @param directory the recording
   * @throws IOException if they cannot be read; the message is one sentence
   */
  public static Marks of(Path directory) throws IOException {
    Marks marks = new Marks(directory);
    Path file = directory.resolve(FILE);
    if (Files.exists(file)) {
      marks.read(file);
    }
    return marks;
  }

  /** None yet, and none that are written anywhere. */
  public static Marks unsaved() {
    return new Marks(null);
  }

  /**
   * Checks a name: letters, digits, '.', '_' and '-', the first a letter or '_', at most 100.
   *
   * @throws IllegalArgumentException if it is none; the message is a sentence
   */
  public static void checkName(String name) {
    if (!isName(name)) {
      throw new IllegalArgumentException(
          "A mark's name is of letters, digits, '.', '_' and '-', begins with a letter or '_', and"
              + " has at most 100 of them.");
    }
  }

  private static boolean isName(String name) {
    return name.length() <= LONGEST && NAME.matcher(name).matches();
  }

  /** All of them, by name. */
  public SortedMap<String, Instant> all() {
    return Collections.unmodifiableSortedMap(marks);
  }

  /** The instant that has a name. */
  public Optional<Instant> find(String name) {
    return Optional.ofNullable(marks.get(name));
  }

  /**
   * Gives a name to an instant, in place of the one that had it.
   *
   * @throws IOException if it cannot be written; the message is one sentence
   * @throws IllegalArgumentException if the name is none
   */
  public void put(String name, Instant instant) throws IOException {
    checkName(name);
    marks.put(name, instant);
    write();
  }

  /**
   * Takes a name back.
   *
   * @return whether there was one
   * @throws IOException if it cannot be written; the message is one sentence
   */
  public boolean remove(String name) throws IOException {
    boolean was = marks.remove(name) != null;
    if (was) {
      write();
    }
    return was;
  }

  private void read(Path file) throws IOException {
    byte[] bytes;
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new RecordingException("The file of marks " + file + " is too large.");
      }
      bytes = Files.readAllBytes(file);
    } catch (RecordingException e) {
      throw e;
    } catch (IOException e) {
      throw new RecordingException(
          "The file of marks %s cannot be read: %s.".formatted(file, HostFiles.reason(e)));
    }
    List<String> lines = new String(bytes, StandardCharsets.ISO_8859_1).lines().toList();
    if (lines.isEmpty() || !lines.getFirst().equals(TITLE)) {
      throw new RecordingException("The file " + file + " does not begin as marks do.");
    }
    for (int i = 1; i < lines.size(); i++) {
      Matcher line = LINE.matcher(lines.get(i));
      if (!line.matches() || !isName(line.group(3)) || marks.containsKey(line.group(3))) {
        throw new RecordingException(
            "Line %d of the file of marks %s does not make sense.".formatted(i + 1, file));
      }
      long at = Long.parseLong(line.group(2));
      marks.put(
          line.group(3), line.group(1).equals(TICK) ? new Instant.Tick(at) : new Instant.Step(at));
    }
  }

  /** All at once: who reads at the same time finds the old ones or the new ones. */
  private void write() throws IOException {
    if (directory == null) {
      return;
    }
    Path file = directory.resolve(FILE);
    Path next = directory.resolve(FILE + ".new");
    StringBuilder text = new StringBuilder(TITLE).append('\n');
    marks.forEach((name, instant) -> text.append(instant).append(' ').append(name).append('\n'));
    ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.US_ASCII));
    try {
      Files.deleteIfExists(next);
      try (FileChannel channel = HostFiles.create(next)) {
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      }
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (NoSuchFileException e) {
      throw new RecordingException("There is no recording at " + directory + ".");
    } catch (IOException e) {
      throw new RecordingException(
          "The file of marks %s cannot be written: %s.".formatted(file, HostFiles.reason(e)));
    }
  }
}
