package dev.hindsight.bus.state;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The version of a state record. To be raised with every change of its components, or of what they
 * mean; a record without this annotation has version 1.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Schema {
  /** The version, from 1. */
  int version();
}
