package dev.hindsight.timeline;

import dev.hindsight.board.MachineDescription;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * What a recording holds up to an instant, and a recording that branches off there begins with.
 *
 * <p>When a block of a disk was first read is known to a hash only; so there may be blocks among
 * these that were read between the instant and the hash after it.
 *
 * @param hashInterval ticks between two hashes
 * @param inputs the inputs that were delivered
 * @param interventions what somebody had changed
 * @param hashes hashes of the state
 * @param reads blocks of disks in the order in which they were read
 */
record Past(
    long hashInterval,
    List<TimedInput> inputs,
    List<Intervention> interventions,
    List<PeriodicHash> hashes,
    List<LogReader.FirstRead> reads) {

  /** That of a machine at power-on. */
  static Past none(long hashInterval) {
    return ofInputs(hashInterval, List.of(), List.of());
  }

  /** What came from outside only. */
  static Past ofInputs(
      long hashInterval, List<TimedInput> inputs, List<Intervention> interventions) {
    return new Past(hashInterval, inputs, interventions, List.of(), List.of());
  }

  /** That of an instant to which a recording was replayed. */
  static Past of(Recording recording, Checkpoint instant) {
    ReplayWorld.Position position = instant.inputs();
    List<PeriodicHash> hashes =
        recording.hashes().stream().takeWhile(h -> h.tick() <= instant.tick()).toList();
    return new Past(
        recording.hashInterval(),
        recording.inputs().subList(0, position.inputs()),
        recording.interventions().subList(0, position.interventions()),
        hashes,
        recording.reads().stream().takeWhile(r -> r.hashes() <= hashes.size()).toList());
  }

  /** Writes it to a log that has nothing yet. */
  void write(LogWriter log) throws IOException {
    int input = 0;
    int intervention = 0;
    int read = 0;
    for (int hash = 0; hash <= hashes.size(); hash++) {
      long before = hash < hashes.size() ? hashes.get(hash).tick() : Long.MAX_VALUE;
      for (; read < reads.size() && reads.get(read).hashes() <= hash; read++) {
        BlockFormat.Block block = reads.get(read).block();
        log.block(block.disk(), block.number(), block.digest());
      }
      while (true) {
        long nextInput = input < inputs.size() ? inputs.get(input).tick() : before;
        long nextIntervention =
            intervention < interventions.size() ? interventions.get(intervention).tick() : before;
        if (nextInput < before && nextInput <= nextIntervention) {
          log.input(inputs.get(input++));
        } else if (nextIntervention < before) {
          log.intervention(interventions.get(intervention++));
        } else {
          break;
        }
      }
      if (hash < hashes.size()) {
        log.hash(hashes.get(hash));
      } else {
        log.flush();
      }
    }
  }

  /** A digest of a machine and of this past of it, in hexadecimal digits. */
  String digest(MachineDescription machine) {
    MessageDigest sha256;
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    sha256.update(DescriptionFormat.machine(machine));
    MemoryStore store = new MemoryStore();
    try (LogWriter log =
        new LogWriter(store.append(Recording.LOG), hashInterval, machine.disks().size())) {
      write(log);
      log.flush();
      sha256.update(store.read(Recording.LOG));
    } catch (IOException e) {
      throw new IllegalStateException("memory can be written and read", e);
    }
    return HexFormat.of().formatHex(sha256.digest());
  }
}
