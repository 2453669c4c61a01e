package dev.hindsight.cpu;

/** The TLBs of a machine, shared by its vCPUs. */
public final class TranslationCaches {}
