package dev.hindsight.board;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** An image's bytes and their description. */
public final class Image {
  private final ImageDescription description;
  private final byte[] bytes;

  private Image(ImageDescription description, byte[] bytes) {
    this.description = description;
    this.bytes = bytes;
  }

  /** Bytes that are in a ROM, which begins at {@code address}, a multiple of 4096. */
  public static Image rom(String name, long address, byte[] bytes) {
    return of(name, ImageDescription.Place.ROM, address, bytes);
  }

  /** Bytes that are in RAM at power-on. */
  public static Image ram(String name, long address, byte[] bytes) {
    return of(name, ImageDescription.Place.RAM, address, bytes);
  }

  private static Image of(String name, ImageDescription.Place place, long address, byte[] bytes) {
    return new Image(
        new ImageDescription(name, place, address, bytes.length, digest(bytes)), bytes.clone());
  }

  /** What a description says of it. */
  public ImageDescription description() {
    return description;
  }

  /** A copy of the bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
