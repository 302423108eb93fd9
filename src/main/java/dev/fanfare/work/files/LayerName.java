package dev.fanfare.work.files;

/**
 * Whose layer.
 *
 * @param step path of the step instance
 * @param attempt the one that wrote it
 */
public record LayerName(String step, int attempt) {}
