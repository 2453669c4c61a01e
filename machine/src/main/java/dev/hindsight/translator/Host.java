package dev.hindsight.translator;

import dev.hindsight.x86.Feature;
import dev.hindsight.x86.Instruction;
import dev.hindsight.x86.Mnemonic;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the host's processor can do. What it cannot, or does otherwise than docs/undefined.md says,
 * is left to the interpreter, or corrected.
 */
final class Host {
  /** What every block may use: LAHF and SAHF, RORX and SARX, and the vector registers. */
  private static final Set<Feature> NEEDED = EnumSet.of(Feature.LAHF64, Feature.BMI2, Feature.AVX);

  private final Set<Feature> lacking;
  private final Set<Mnemonic> differing;
  private final Set<Mnemonic> ofX87;

  /**
   * A host.
   *
   * @param lacking extensions that it lacks
   * @param differing instructions that leave flags of their own where the manual leaves them open
   * @param ofX87 x87 instructions that do otherwise than docs/undefined.md says
   */
  Host(Set<Feature> lacking, Set<Mnemonic> differing, Set<Mnemonic> ofX87) {
    this.lacking = lacking;
    this.differing = differing;
    this.ofX87 = ofX87;
  }

  /** This process's, which is looked at when it is first asked for. */
  private static final class Present {
    private static final Found FOUND = look();
  }

  private record Found(@Nullable Host host, String refusal) {}

  private static Found look() {
    try {
      return new Found(probe(), "");
    } catch (HostRefusal e) {
      return new Found(null, String.valueOf(e.getMessage()));
    }
  }

  /** Looks at the host. */
  static Host probe() throws HostRefusal {
    try (Snippet snippet = new Snippet()) {
      Set<Feature> lacking = HostFeatures.lacking(snippet);
      for (Feature f : NEEDED) {
        if (lacking.contains(f)) {
          throw new HostRefusal("this processor lacks " + f);
        }
      }
      return new Host(lacking, FlagProbes.differing(snippet), X87Probes.differing(snippet));
    }
  }

  /**
   * The host of this process.
   *
   * @throws HostRefusal if it cannot run translated code
   */
  static Host present() throws HostRefusal {
    Host host = Present.FOUND.host;
    if (host == null) {
      throw new HostRefusal(Present.FOUND.refusal);
    }
    return host;
  }

  /** Extensions that it lacks. */
  Set<Feature> lacking() {
    return lacking;
  }

  /** Instructions that leave flags of their own. */
  Set<Mnemonic> differing() {
    return differing;
  }

  /** X87 instructions that do otherwise. */
  Set<Mnemonic> ofX87() {
    return ofX87;
  }

  /**
   * Whether an instruction of the guest may be executed by the host.
   *
   * @param flagsNeeded whether somebody may look at the flags that it leaves
   */
  boolean runs(Instruction in, boolean flagsNeeded) {
    if (ofX87.contains(in.mnemonic())
        || flagsNeeded
            && differing.contains(in.mnemonic())
            && !ShiftInstructions.corrects(in.mnemonic())) {
      return false;
    }
    if (!lacking.isEmpty()) {
      for (Feature f : in.row().features()) {
        if (lacking.contains(f)) {
          return false;
        }
      }
    }
    return true;
  }
}
