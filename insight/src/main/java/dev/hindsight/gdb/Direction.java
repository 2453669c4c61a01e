package dev.hindsight.gdb;

/** Which way time goes. */
public enum Direction {
  FORWARDS,
  BACKWARDS
}
