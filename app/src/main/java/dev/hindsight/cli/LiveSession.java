package dev.hindsight.cli;

import dev.hindsight.board.Machine;
import dev.hindsight.board.MachineBuilder;
import dev.hindsight.board.Outcome;
import dev.hindsight.board.OutputListener;
import dev.hindsight.board.PcChipset;
import dev.hindsight.bus.Input;
import dev.hindsight.bus.World;
import dev.hindsight.timeline.live.ConsoleScript;
import dev.hindsight.timeline.live.LiveWorld;
import dev.hindsight.timeline.live.MergedWorld;
import dev.hindsight.timeline.live.Pace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** What is around a machine that runs live: its console, who types there, and who ends the run. */
final class LiveSession {
  private final Console console;
  private final LiveWorld people;
  private final ConsoleScript typist;
  private final CountedWorld world;
  private final boolean scriptAlone;
  private final AtomicBoolean killed = new AtomicBoolean();

  /**
   * Before the machine is there.
   *
   * @param script what a script types, if there is one
   */
  LiveSession(Console console, Pace pace, Optional<List<ConsoleScript.Step>> script) {
    this.console = console;
    people = new LiveWorld(pace, MachineBuilder.TICKS_PER_SECOND);
    typist =
        new ConsoleScript(
            PcChipset.SERIAL, MachineBuilder.TICKS_PER_SECOND, script.orElse(List.of()));
    world = new CountedWorld(new PromptWorld(new MergedWorld(typist, people), console));
    // a script that has the console to itself makes runs that are the same each time
    scriptAlone = script.isPresent() && !console.isInteractive();
  }

  /** Where the machine's inputs come from. */
  World world() {
    return world;
  }

  /** Who hears what the machine sends. */
  OutputListener outputs() {
    return (device, value, tick) -> {
      if (device.equals(PcChipset.SERIAL)) {
        console.print(value);
      }
      typist.output(device, value, tick);
    };
  }

  /** Cuts the power. */
  void kill() {
    killed.set(true);
    people.send(new Input.PowerOff());
  }

  /** Begins to listen to who types. */
  void begin() throws IOException {
    console.raw();
    if (scriptAlone) {
      people.end();
    } else {
      console.read(bytes -> people.type(PcChipset.SERIAL, bytes), this::kill, people::end);
    }
  }

  /**
   * Says how a run ended.
   *
   * @param recording where it was recorded to; null if it was not
   * @param stats where numbers go; null if nobody wants them
   * @return the status of the command
   */
  int report(Machine machine, Outcome outcome, @Nullable Path recording, @Nullable Path stats)
      throws IOException {
    console.close();
    Exit exit = Exit.of(outcome, killed.get());
    if (exit == Exit.TRIPLE_FAULT) {
      CrashReport.print(machine, System.err);
    }
    machine
        .exitCode()
        .ifPresent(code -> System.err.println("The guest ended with code " + code + "."));
    if (stats != null) {
      long logBytes = recording == null ? 0 : RecordingPlace.logBytes(recording);
      Statistics.of(machine, logBytes, world.inputs(), exit).write(stats);
    }
    return exit.status();
  }
}
