package dev.hindsight.silicon;

/**
 * Bytes of an instruction, and where its displacement is.
 *
 * @param bytes prefixes to immediates; after the last there are as many bytes more as the longest
 *     immediate needs
 * @param displacementAt index of the displacement or memory offset, -1 if there is none
 * @param displacementBytes its size: 1, 2, 4 or 8
 */
public record Encoding(byte[] bytes, int displacementAt, int displacementBytes) {
  /** Writes the displacement, truncated to its size. */
  public void displacement(long value) {
    for (int i = 0; i < displacementBytes; i++) {
      bytes[displacementAt + i] = (byte) (value >> i * 8);
    }
  }
}
