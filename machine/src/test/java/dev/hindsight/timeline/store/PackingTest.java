package dev.hindsight.timeline.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hindsight.board.Chipset;
import dev.hindsight.board.Image;
import dev.hindsight.board.InterpreterFactory;
import dev.hindsight.board.Machine;
import dev.hindsight.board.MachineBuilder;
import dev.hindsight.board.MachineDescription;
import dev.hindsight.board.OutputListener;
import dev.hindsight.board.Sockets;
import dev.hindsight.bus.DeadlineQueue;
import dev.hindsight.bus.Device;
import dev.hindsight.bus.World;
import dev.hindsight.storage.BlockStore;
import dev.hindsight.storage.Disk;
import dev.hindsight.storage.StorageException;
import dev.hindsight.timeline.Branch;
import dev.hindsight.timeline.Edit;
import dev.hindsight.timeline.Recorder;
import dev.hindsight.timeline.Recording;
import dev.hindsight.timeline.RecordingException;
import dev.hindsight.timeline.Replay;
import dev.hindsight.timeline.ReplayDifference;
import dev.hindsight.timeline.Sources;
import dev.hindsight.timeline.Timeline;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packs a recording with a "kernel" and a disk, and replays it elsewhere. */
class PackingTest {
  private static final int DISK_BYTES = 40 * 65_536 + 700;
  private static final long LENGTH = 20_000;

  @TempDir Path home;
  private Path recording;
  private Path packed;

  /** Reads a sector of each disk every 1,000 ticks, 101 sectors after the one before. */
  private static final class Chips implements Chipset {
    @Override
    public String name() {
      return "disks";
    }

    @Override
    public void install(Sockets sockets) {
      sockets.add(new Controller(sockets.deadlines(), sockets.disks()));
    }
  }

  private static final class Controller implements Device<Controller.State> {
    record State(long sum, long next) {}

    private final DeadlineQueue deadlines;
    private final List<Disk> disks;
    private State state = new State(0, 0);

    Controller(DeadlineQueue deadlines, List<Disk> disks) {
      this.deadlines = deadlines;
      this.disks = disks;
    }

    @Override
    public String name() {
      return "controller";
    }

    @Override
    public void reset() {
      deadlines.schedule(0, 1000);
    }

    @Override
    public void deadline(int kind, long tick) {
      byte[] sector = new byte[512];
      long sum = state.sum;
      for (Disk d : disks) {
        d.read(state.next % d.sectors(), sector, 0, 1);
        sum = sum * 31 + sector[500];
      }
      state = new State(sum, state.next + 101);
      deadlines.schedule(0, tick + 1000);
    }

    @Override
    public State save() {
      return state;
    }

    @Override
    public void load(State value) {
      state = value;
    }

    @Override
    public Class<State> stateType() {
      return State.class;
    }
  }

  /** The kernel is a ROM, the initial RAM disk is in memory. */
  private static List<Image> images(MachineDescription machine, BootFiles files) {
    if (files.kernel().length != 4096) {
      throw new IllegalArgumentException("it is no kernel");
    }
    return List.of(
        Image.rom("kernel", 0xFFFF_F000L, files.kernel()),
        Image.ram("initrd", 0x1000, files.initrd()));
  }

  private static Machine machine(byte[] kernel, byte[] initrd, List<BlockStore> disks) {
    MachineBuilder builder =
        Machine.builder()
            .memoryBytes(1 << 20)
            .chipset(new Chips())
            .engine(new InterpreterFactory())
            .world(World.EMPTY)
            .image(Image.rom("kernel", 0xFFFF_F000L, kernel))
            .image(Image.ram("initrd", 0x1000, initrd));
    for (BlockStore disk : disks) {
      builder.disk("disk0", false, disk);
    }
    return builder.build();
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  @BeforeEach
  void record() throws IOException {
    recording = home.resolve("recording");
    packed = home.resolve("packed");
    byte[] kernel = new byte[4096];
    kernel[0xFF0] = (byte) 0xF4;
    kernel[0xFF1] = (byte) 0xEB;
    kernel[0xFF2] = (byte) 0xFD;
    Path kernelFile = Files.write(home.resolve("vmlinuz"), kernel);
    Path initrdFile = Files.write(home.resolve("initrd.img"), random(5000));
    Path diskFile = Files.write(home.resolve("disk.raw"), random(DISK_BYTES));
    Sources sources =
        new Sources(
            new Sources.Boot.Linux(
                kernelFile.toString(), Optional.of(initrdFile.toString()), "quiet"),
            List.of(new Sources.Disk(diskFile.toString(), Sources.Disk.Form.RAW)));
    try (FileImage disk = FileImage.open(diskFile);
        Machine machine = machine(kernel, random(5000), List.of(disk));
        Recorder recorder =
            new Recorder(machine, World.EMPTY, DirectoryStore.create(recording), sources)) {
      recorder.run(LENGTH);
    }
  }

  private static void replay(Path directory) throws IOException {
    replay(directory, LENGTH);
  }

  private static void replay(Path directory, long length) throws IOException {
    Recording read = Recording.read(DirectoryStore.open(directory));
    BootFiles files = BootFiles.read(read.sources().boot(), directory, 1 << 20);
    try (DiskImages disks = DiskImages.open(read.description(), read.sources(), directory);
        Machine machine = machine(files.kernel(), files.initrd(), disks.images())) {
      Replay replay = new Replay(machine, read);
      replay.run();
      assertThat(replay.agreed()).isEqualTo(length);
    }
  }

  /** Goes live from the middle of a recording, whose files may lie beside it. */
  private static void goLive(Path from, Path to, long until) throws IOException {
    Recording read = Recording.read(DirectoryStore.open(from));
    BootFiles files = BootFiles.read(read.sources().boot(), from, 1 << 20);
    try (DiskImages disks = DiskImages.open(read.description(), read.sources(), from);
        Timeline timeline =
            new Timeline(machine(files.kernel(), files.initrd(), disks.images()), read)) {
      timeline.seek(LENGTH / 2);
      try (Branch branch =
          Branch.of(
              timeline,
              from.toString(),
              World.EMPTY,
              OutputListener.NONE,
              DirectoryStore.create(to),
              SourcePaths.absolute(from, read.sources()))) {
        branch.recorder().intervene(List.of(new Edit.Memory(0x8000, random(10_000))));
        branch.recorder().run(until);
      }
    }
  }

  @Test
  void branchesArePackedToo() throws IOException {
    Path branch = home.resolve("branch");
    goLive(recording, branch, LENGTH * 2);
    replay(branch, LENGTH * 2);
    Packing.pack(branch, packed, PackingTest::images);
    for (String file : List.of("vmlinuz", "initrd.img", "disk.raw")) {
      Files.delete(home.resolve(file));
    }
    Path first = home.resolve("first");
    Packing.unpack(packed, first);
    replay(first, LENGTH * 2);
    Recording read = Recording.read(DirectoryStore.open(first));
    assertThat(read.interventions()).hasSize(1);
    assertThat(read.origin()).isPresent();
    // a branch of a branch, of which there are no other blocks of the disk
    Path second = home.resolve("second");
    goLive(first, second, LENGTH - 1);
    replay(second, LENGTH - 1);
    assertThatThrownBy(() -> goLive(first, home.resolve("third"), LENGTH * 3))
        .isInstanceOf(StorageException.class)
        .hasMessageEndingWith(".");
    Path again = home.resolve("again");
    Packing.pack(second, again, PackingTest::images);
    Packing.unpack(again, home.resolve("elsewhere"));
    for (Path file : List.of(first.resolve("kernel"), first.resolve("initrd"))) {
      Files.delete(file);
    }
    replay(home.resolve("elsewhere"), LENGTH - 1);
  }

  @Test
  void isReplayedElsewhere() throws IOException {
    replay(recording);
    Packing.pack(recording, packed, PackingTest::images);
    for (String file : List.of("vmlinuz", "initrd.img", "disk.raw")) {
      Files.delete(home.resolve(file));
    }
    assertThat(Files.size(packed)).isLessThan(DISK_BYTES / 2);
    Path first = home.resolve("first");
    Packing.unpack(packed, first);
    replay(first);
    Path moved = Files.move(first, home.resolve("moved"));
    replay(moved);
    Path again = home.resolve("again");
    Packing.pack(moved, again, PackingTest::images);
    assertThat(again).hasSameBinaryContentAs(packed);
    assertThat(Files.getPosixFilePermissions(packed)).hasSize(2);
  }

  @Test
  void aFileThatChangedIsNotPacked() throws IOException {
    refusesToPack("vmlinuz", 17, "vmlinuz has changed.");
    refusesToPack("initrd.img", 17, "initrd.img has changed.");
    refusesToPack("disk.raw", 101 * 512 * 5, "its block 3 has changed.");
    // a block that was not read may change
    change(home.resolve("disk.raw"), 39 * 65_536);
    Packing.pack(recording, packed, PackingTest::images);
    assertThatThrownBy(() -> Packing.pack(recording, packed, PackingTest::images))
        .isInstanceOf(RecordingException.class)
        .hasMessageEndingWith("it exists already.");
    Files.delete(packed);
    Files.write(home.resolve("vmlinuz"), new byte[3]);
    refusesToPack("it is no kernel.");
    Files.delete(home.resolve("vmlinuz"));
    refusesToPack("there is no such file.");
  }

  private void refusesToPack(String file, int at, String why) throws IOException {
    change(home.resolve(file), at);
    refusesToPack(why);
    change(home.resolve(file), at);
  }

  private void refusesToPack(String why) {
    assertThatThrownBy(() -> Packing.pack(recording, packed, PackingTest::images))
        .isInstanceOf(RecordingException.class)
        .hasMessageEndingWith(why);
    assertThat(packed).doesNotExist();
  }

  private static void change(Path file, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void hostileFilesAreRefused() throws IOException {
    Packing.pack(recording, packed, PackingTest::images);
    byte[] good = Files.readAllBytes(packed);
    Path target = home.resolve("target");
    Random random = new Random(9);
    for (int i = 0; i < 400; i++) {
      // headers, then anywhere
      int at = i < 200 ? i : random.nextInt(good.length);
      byte[] bad = good.clone();
      bad[at] ^= (byte) (1 << i % 8);
      refuses(bad, target);
    }
    for (int i = 0; i < 60; i++) {
      refuses(Arrays.copyOf(good, random.nextInt(good.length)), target);
    }
    refuses(Arrays.copyOf(good, good.length + 1), target);
  }

  @Test
  void pathsCannotLeadOutside() throws IOException {
    Packing.pack(recording, packed, PackingTest::images);
    Path unpacked = home.resolve("unpacked");
    Packing.unpack(packed, unpacked);
    Recording read = Recording.read(DirectoryStore.open(unpacked));
    byte[] description =
        read.descriptionWith(
            new Sources(
                new Sources.Boot.Linux("../../etc/passwd", Optional.empty(), ""), List.of()));
    byte[] log = Files.readAllBytes(unpacked.resolve("log"));
    Path evil = home.resolve("evil");
    for (String name : List.of("../outside", "/tmp/outside", "log")) {
      try (PackWriter out = new PackWriter(Files.newOutputStream(evil), 1 << 20)) {
        out.begin("description", description.length);
        out.add(description, description.length);
        out.begin(name, log.length);
        out.add(log, log.length);
      }
      refuses(Files.readAllBytes(evil), home.resolve("target"));
      assertThat(home.resolve("outside")).doesNotExist();
    }
    try (PackWriter out = new PackWriter(Files.newOutputStream(evil), Long.MAX_VALUE)) {
      out.begin("description", description.length);
      out.add(description, description.length);
    }
    refuses(Files.readAllBytes(evil), home.resolve("target"));
  }

  private void refuses(byte[] file, Path target) throws IOException {
    Path bad = Files.write(home.resolve("bad"), file);
    try {
      Packing.unpack(bad, target);
      // only the blocks have no checksum of their own beyond the entry's
      throw new AssertionError("it was unpacked");
    } catch (RecordingException e) {
      assertThat(e.getMessage()).endsWith(".").doesNotContain("\n");
    }
    assertThat(target).doesNotExist();
  }

  @Test
  void anUnlistedBlockIsADifference() throws IOException {
    Packing.pack(recording, packed, PackingTest::images);
    Path unpacked = home.resolve("unpacked");
    Packing.unpack(packed, unpacked);
    try (SparseImage image = SparseImage.open(unpacked.resolve("disk-0.blocks"))) {
      byte[] all = random(DISK_BYTES);
      byte[] read = new byte[3000];
      long[] blocks = image.blocks();
      assertThat(blocks).hasSizeBetween(10, 25);
      image.read(blocks[1] * 65_536 - 1000, read, 0, 2000);
      for (int i = 0; i < 2000; i++) {
        assertThat(read[i]).isEqualTo(all[(int) blocks[1] * 65_536 - 1000 + i]);
      }
      assertThatThrownBy(() -> image.read(39 * 65_536L, read, 0, 1))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("lacks block 39, which the recorded run did not read.");
    }
    Recording read = Recording.read(DirectoryStore.open(unpacked));
    BootFiles files = BootFiles.read(read.sources().boot(), unpacked, 1 << 20);
    try (DiskImages disks = DiskImages.open(read.description(), read.sources(), unpacked);
        Machine machine = machine(files.kernel(), files.initrd(), disks.images())) {
      Replay replay = new Replay(machine, read);
      replay.run(LENGTH / 2);
      ((Controller) machine.devices().getFirst()).load(new Controller.State(0, 39 * 128));
      assertThatThrownBy(replay::run).isInstanceOf(ReplayDifference.class);
    }
  }

  @Test
  void imageFiles() throws IOException {
    Path file = Files.write(home.resolve("odd"), random(1000));
    try (FileImage image = FileImage.open(file)) {
      assertThat(image.bytes()).isEqualTo(1024);
      byte[] read = random(512);
      image.read(512, read, 0, 512);
      byte[] all = random(1000);
      for (int i = 0; i < 512; i++) {
        assertThat(read[i]).isEqualTo(i < 488 ? all[512 + i] : 0);
      }
      try (FileChannel shorter = FileChannel.open(file, StandardOpenOption.WRITE)) {
        shorter.truncate(600);
      }
      assertThatThrownBy(() -> image.read(512, read, 0, 512))
          .isInstanceOf(StorageException.class)
          .hasMessage("The disk image " + file + " has become shorter: it ends at byte 600.");
    }
    assertThatThrownBy(() -> FileImage.open(home.resolve("none")))
        .hasMessage(
            "The disk image " + home.resolve("none") + " cannot be read: there is no such file.");
    assertThatThrownBy(() -> FileImage.open(home)).hasMessageEndingWith("is a directory.");
    assertThatThrownBy(() -> SparseImage.open(file)).isInstanceOf(RecordingException.class);
  }

  @Test
  void aFullDiskIsNamed() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full));
    try (FileChannel channel = FileChannel.open(full, StandardOpenOption.WRITE)) {
      DirectoryStore.FileAppender file = new DirectoryStore.FileAppender(full, channel);
      assertThatThrownBy(() -> file.append(new byte[1]))
          .isInstanceOf(RecordingException.class)
          .hasMessage("The file /dev/full cannot be written: No space left on device.");
    }
  }
}
