package dev.fanfare.work.call;

/** A bean that a step may call by its name. */
public sealed interface CallStep permits JavaStep, ReactiveStep {}
