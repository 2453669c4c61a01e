package dev.hindsight.example;

import static dev.hindsight.x86.Register.*;
import static dev.hindsight.x86.assembler.Arguments.offset;

import dev.hindsight.board.Image;
import dev.hindsight.board.InterpreterFactory;
import dev.hindsight.board.Machine;
import dev.hindsight.board.MachineBuilder;
import dev.hindsight.board.Outcome;
import dev.hindsight.board.PcChipset;
import dev.hindsight.board.multiboot.MultibootBoot;
import dev.hindsight.timeline.MemoryStore;
import dev.hindsight.timeline.Recorder;
import dev.hindsight.timeline.Recording;
import dev.hindsight.timeline.Replay;
import dev.hindsight.timeline.live.LiveWorld;
import dev.hindsight.timeline.live.Pace;
import dev.hindsight.timeline.live.SerialInput;
import dev.hindsight.timeline.live.SerialOutput;
import dev.hindsight.x86.CodeMode;
import dev.hindsight.x86.assembler.Assembler;
import dev.hindsight.x86.assembler.Label;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A whole PC in a few lines: boots a kernel, types to its serial port, records the run, and replays
 * it.
 *
 * <p>The kernel is a tiny one, made here, which prints what it reads, each character one letter
 * further, and switches the machine off at a full stop. A Linux kernel is booted in the same way,
 * with {@link dev.hindsight.board.linux.LinuxBoot} in place of {@link MultibootBoot}.
 */
public final class RecordAndReplay {
  private static final long MEMORY = 16L << 20;
  private static final long TEN_SECONDS = 10 * MachineBuilder.TICKS_PER_SECOND;

  private RecordAndReplay() {}

  /** Runs the example and prints what the machine printed, twice. */
  public static void main(String[] args) throws IOException {
    run(System.out);
  }

  static void run(PrintStream out) throws IOException {
    MemoryStore store = new MemoryStore(); // or DirectoryStore.create(path)

    // a world of people; unpaced: idle time costs nothing
    LiveWorld world = new LiveWorld(Pace.NONE, MachineBuilder.TICKS_PER_SECOND);
    try (OutputStream keyboard = new SerialInput(PcChipset.SERIAL, world)) {
      keyboard.write("HAL.".getBytes(StandardCharsets.US_ASCII));
    }
    ByteArrayOutputStream screen = new ByteArrayOutputStream();
    try (Machine machine =
            pc().outputs(new SerialOutput(PcChipset.SERIAL, screen)).world(world).build();
        Recorder recorder = new Recorder(machine, world, store)) {
      Outcome outcome = recorder.run(TEN_SECONDS);
      out.printf("recorded: %s, then %s%n", screen, outcome);
      out.printf("state hash %s%n", machine.digest());
    }

    // the same machine with the recording as its world; every hash is verified on the way
    ByteArrayOutputStream again = new ByteArrayOutputStream();
    try (Machine machine = pc().outputs(new SerialOutput(PcChipset.SERIAL, again)).build()) {
      Outcome outcome = new Replay(machine, Recording.read(store)).run();
      out.printf("replayed: %s, then %s%n", again, outcome);
      out.printf("state hash %s%n", machine.digest());
    }
  }

  /** The machine that is recorded and replayed. */
  private static MachineBuilder pc() {
    MachineBuilder builder =
        Machine.builder()
            .memoryBytes(MEMORY)
            .chipset(new PcChipset())
            .engine(new InterpreterFactory());
    for (Image image : new MultibootBoot(kernel(), "", List.of(), MEMORY).images()) {
      builder.image(image);
    }
    return builder;
  }

  /** A Multiboot kernel that says where it wants to be loaded. */
  private static byte[] kernel() {
    int flags = 1 << 16; // the header has addresses
    int load = 0x10_0000;
    Assembler a = new Assembler(CodeMode.BITS32, load);
    Label header = a.here("header");
    Label start = a.label("start");
    Label wait = a.label("wait");
    Label off = a.label("off");
    a.doublewords(0x1BAD_B002, flags, -(0x1BAD_B002 + flags));
    a.datum(offset(header), 4).datum(offset(header), 4).doublewords(0, 0);
    a.datum(offset(start), 4);
    a.bind(start);
    a.bind(wait).mov(DX, PcChipset.SERIAL_PORT + 5).in(AL, DX).test(AL, 1).je(wait);
    a.mov(DX, PcChipset.SERIAL_PORT).in(AL, DX).cmp(AL, '.').je(off);
    a.inc(AL).out(DX, AL).jmp(wait);
    a.bind(off).mov(DX, 0x604).mov(AX, 0x2000).out(DX, AX).hlt(); // ACPI: sleep type of S5
    return a.assemble();
  }
}
