package dev.fanfare.definition;

/** What a step is: work to do, or steps it contains. */
public sealed interface Body permits Work, Structure {}
