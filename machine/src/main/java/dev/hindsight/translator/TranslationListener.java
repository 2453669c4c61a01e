package dev.hindsight.translator;

/** Who hears of translations. */
public interface TranslationListener {
  /** Nobody. */
  TranslationListener NONE = code -> {};

  /** A block has been translated; it may be executed from now on. */
  void translated(TranslatedCode code);
}
